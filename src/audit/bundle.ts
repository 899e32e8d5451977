import { CodedError } from '../base/error.ts'
import { isProofWords, proofFromWords } from '../proof/calldata.ts'
import { isProofPoints } from '../proof/verify.ts'
import { bind, publicSignals } from '../statement/binding.ts'
import { orderRoot, recordHash, termsHash } from '../statement/record.ts'
import { encodeStatement, statementDigest, statementHash } from '../statement/statement.ts'
import type { Anchor } from './anchor-schema.ts'
import { checkCommitments, checkSignature, checkTerms } from './batch-checks.ts'
import { compareBundle } from './bundle-anchor.ts'
import { BatchView, Bundle } from './bundle-schema.ts'
import { AuditError, type Check, equal, holds, unchecked } from './check.ts'
import { type CircuitShape, circuitShape } from './circuit-name.ts'
import { kindOf } from './epoch-checks.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'

/** What a bundle is held against. */
export interface BundleContext {
  /** Without one, what only the chain knows stays unchecked. `not accepted`: the chain was asked just now, and has no such batch. */
  readonly anchor?: Anchor | 'not accepted' | undefined
}

/**
 * Checks one bundle: that its parts belong together and, against an anchor, that the chain says the same and the proof holds. Without an anchor the
 * outcome is never better than unchecked.
 * @param input parsed JSON, of any shape.
 * @throws AuditError BUNDLE_INCOMPLETE for the service's view of a batch, which says more or less than a bundle.
 */
export async function* auditBundle(
  input: unknown,
  { anchor }: BundleContext = {},
  verifyProof: ProofCheck = verifyWords,
): AsyncGenerator<Check> {
  const view = BatchView.safeParse(input)
  if (view.success) {
    const { index, state } = view.data
    const why = `this says that batch ${index} is ${state}; its bundle, once accepted, is GET /v1/batches/${index}/bundle`
    throw new AuditError('BUNDLE_INCOMPLETE', why, { details: { state } })
  }
  const { data: bundle, error } = Bundle.safeParse(input)
  const issue = error?.issues[0]
  yield holds('bundle-form', {}, !error, 'a bundle', `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
  const shape = bundle && circuitShape(bundle.circuit)
  if (!bundle || !shape) return
  const words = wordsOf(bundle, shape)
  yield* checkInside(bundle, shape, words)
  if (anchor === 'not accepted')
    yield holds('bundle-chain', { batch: bundle.index, at: 'acceptance' }, false, 'accepted', 'no such batch')
  else if (anchor) yield* compareBundle(bundle, words, anchor, verifyProof)
  else yield* checkAlone(bundle)
}

/** That the parts of a bundle belong together. */
function* checkInside(bundle: Bundle, shape: CircuitShape, words: readonly bigint[] | undefined): Generator<Check> {
  const { statement, proof, index } = bundle
  const place = { batch: index }
  yield equal('bundle-counts', { ...place, at: 'index' }, statement.batchIndex, index)
  yield equal('bundle-counts', { ...place, at: 'time' }, statement.time, bundle.time)
  yield equal('bundle-counts', { ...place, at: 'count' }, statement.commitments.length, bundle.count)
  const deferred = statement.assignments.filter((byte) => byte === 0).length
  yield equal('bundle-counts', { ...place, at: 'deferred' }, deferred, bundle.deferred)
  const kind = kindOf(statement.feeWord) ?? 'no kind'
  yield equal('bundle-circuit', { ...place, at: 'kind' }, kind, shape.kind)
  yield holds('statement-form', place, words !== undefined, "a statement of the circuit's shape", 'another shape')
  if (!words) return
  yield* checkTerms(statement)
  yield* checkCommitments(statement, new Set())
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head: bundle.head,
    terms: termsHash(statement, proof.beneficiary),
  }
  yield equal('statement-hash', place, parts.statementHash, bundle.statementHash)
  yield equal('order-root', place, parts.orderRoot, bundle.orderRoot)
  yield equal('bundle-terms', place, parts.terms, bundle.terms)
  yield equal('batch-record', place, recordHash(parts), bundle.record)
  yield checkSignature(bundle, bundle, index, bundle.signature, words)
  yield equal('statement-digest', place, statementDigest(words), proof.digest)
  const [, alpha, y] = publicSignals(bind({ ...bundle, ...proof }, words))
  yield equal('bundle-binding', { ...place, at: 'alpha' }, alpha, proof.alpha)
  yield equal('bundle-binding', { ...place, at: 'y' }, y, proof.y)
}

function wordsOf({ statement }: Bundle, shape: CircuitShape): bigint[] | undefined {
  try {
    return encodeStatement(shape, statement)
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

/** Without an anchor: a bundle brings no key, and nobody need believe what it says of the chain. */
function* checkAlone({ index, proof }: Bundle): Generator<Check> {
  const place = { batch: index }
  const points = isProofWords(proof.words) && isProofPoints(proofFromWords(proof.words))
  yield holds('proof', { ...place, at: 'points' }, points, 'points of the curve', 'others')
  yield unchecked('proof', place, 'the key of the proof is not known')
  yield unchecked('bundle-epoch', place, "nobody tells the epoch's signer, seed, policy and verifiers")
  yield unchecked('bundle-chain', place, 'nobody tells whether the chain accepted the batch')
}
