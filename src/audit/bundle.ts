import { CodedError } from '../base/error.ts'
import { isProofWords, proofFromWords } from '../proof/calldata.ts'
import { isProofPoints } from '../proof/verify.ts'
import { bind, publicSignals } from '../statement/binding.ts'
import { recordHash, recordParts } from '../statement/record.ts'
import { encodeStatement, statementDigest } from '../statement/statement.ts'
import { checkAnchor } from './anchor-checks.ts'
import type { Anchor } from './anchor-schema.ts'
import { compareBundle } from './bundle-anchor.ts'
import { BatchView, Bundle } from './bundle-schema.ts'
import { AuditError, type Check, equal, holds, unchecked } from './check.ts'
import { type CircuitShape, circuitShape } from './circuit-name.ts'
import { kindOf } from './policy-words.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'
import { duplicates } from './steps/duplicates.ts'
import { policy } from './steps/policy.ts'
import { type ClaimOfBatch, proofs } from './steps/proofs.ts'
import { signer } from './steps/signer.ts'

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
  context: BundleContext = {},
  verifyProofs: ProofCheck = verifyWords,
): AsyncGenerator<Check> {
  const found = yield* auditOneBundle(input, context, true)
  if (found?.claim) yield* await proofs.verify([found.claim], verifyProofs)
}

/** A bundle of the right form, with the proof that is still to be verified. */
export interface OneBundle {
  readonly bundle: Bundle
  readonly claim: ClaimOfBatch | undefined
}

/**
 * A bundle without its pairing. @param withAnchor whether the anchor itself is looked at too.
 * @throws AuditError BUNDLE_INCOMPLETE.
 */
export function* auditOneBundle(
  input: unknown,
  { anchor }: BundleContext,
  withAnchor = false,
): Generator<Check, OneBundle | undefined> {
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
  if (!bundle || !shape) return undefined
  const words = wordsOf(bundle, shape)
  const digest = yield* checkInside(bundle, shape, words)
  if (anchor === undefined) {
    yield* checkAlone(bundle)
    return { bundle, claim: undefined }
  }
  if (anchor === 'not accepted') {
    yield holds('bundle-chain', { batch: bundle.index, at: 'acceptance' }, false, 'accepted', 'no such batch')
    return { bundle, claim: undefined }
  }
  if (withAnchor) yield* checkAnchor(anchor)
  return { bundle, claim: yield* compareBundle(bundle, words && { words, digest }, anchor) }
}

/** That the parts of a bundle belong together. @returns D of its V, with the checks. */
function* checkInside(
  bundle: Bundle,
  shape: CircuitShape,
  words: readonly bigint[] | undefined,
): Generator<Check, bigint | undefined> {
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
  if (!words) return undefined
  yield* policy.batch({ statement })
  yield* duplicates.batch({ statement, accepted: new Set() })
  const parts = recordParts(statement, words, bundle.head, proof.beneficiary)
  yield equal('statement-hash', place, parts.statementHash, bundle.statementHash)
  yield equal('order-root', place, parts.orderRoot, bundle.orderRoot)
  yield equal('bundle-terms', place, parts.terms, bundle.terms)
  yield equal('batch-record', place, recordHash(parts), bundle.record)
  yield* signer.batch({ config: bundle, epoch: bundle, index, words, signature: bundle.signature })
  const digest = statementDigest(words)
  yield equal('statement-digest', place, digest, proof.digest)
  const [, alpha, y] = publicSignals(bind({ ...bundle, ...proof }, words, digest))
  yield equal('bundle-binding', { ...place, at: 'alpha' }, alpha, proof.alpha)
  yield equal('bundle-binding', { ...place, at: 'y' }, y, proof.y)
  return digest
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
