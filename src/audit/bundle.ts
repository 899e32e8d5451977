import { CodedError } from '../base/error.ts'
import { bind } from '../statement/binding.ts'
import { orderRoot, recordHash, termsHash } from '../statement/record.ts'
import { encodeStatement, statementHash } from '../statement/statement.ts'
import { checkCommitments, checkProof, checkSignature, checkTerms } from './batch-checks.ts'
import { Bundle, EarlierBundle } from './bundle-schema.ts'
import { AuditError, type Check, equal, holds } from './check.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'
import type { BatchRecord, EpochRecord, VerifierRecord } from './records.ts'

/** A verifier that the caller trusts: from a chain, or from the circuits that it built itself. */
export interface TrustedVerifier extends VerifierRecord {
  /** The circuit's name, when the caller knows it. */
  readonly circuit?: string
}

/** What the chain says of one batch. */
export interface ChainSide {
  readonly epoch: EpochRecord
  readonly batch: BatchRecord
}

/** What a bundle is held against. */
export interface BundleContext {
  readonly verifiers: readonly TrustedVerifier[]
  /** What the chain says of the batch; without it, what only the chain knows stays unchecked ({@link UNCHECKED_WITHOUT_CHAIN}). */
  readonly chain?: ChainSide | 'not accepted'
}

/**
 * Checks one bundle: that its parts belong together, that the proof holds, and, where a chain is at hand, that the chain says the same.
 * @param input parsed JSON, of any shape.
 * @throws AuditError BUNDLE_INCOMPLETE for a batch that is not accepted yet, KEY_UNKNOWN when no trusted verifier fits.
 */
export async function* auditBundle(
  input: unknown,
  context: BundleContext,
  verifyProof: ProofCheck = verifyWords,
): AsyncGenerator<Check> {
  const early = EarlierBundle.safeParse(input)
  if (early.success) {
    const { index, state } = early.data
    throw new AuditError('BUNDLE_INCOMPLETE', `batch ${index} is ${state}, not accepted yet`, { details: { state } })
  }
  const { data: bundle, error } = Bundle.safeParse(input)
  const issue = error?.issues[0]
  yield holds('bundle-form', {}, !error, 'a bundle', `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
  if (bundle) yield* checkBundle(bundle, context, verifyProof)
}

async function* checkBundle(bundle: Bundle, context: BundleContext, verifyProof: ProofCheck): AsyncGenerator<Check> {
  const { statement, proof, index } = bundle
  const place = { batch: index }
  yield equal('bundle-counts', { ...place, at: 'index' }, statement.batchIndex, index)
  yield equal('bundle-counts', { ...place, at: 'time' }, statement.time, bundle.time)
  yield equal('bundle-counts', { ...place, at: 'count' }, statement.commitments.length, bundle.count)
  const deferred = statement.assignments.filter((byte) => byte === 0).length
  yield equal('bundle-counts', { ...place, at: 'deferred' }, deferred, bundle.deferred)
  const verifier = trustedVerifier(bundle, context.verifiers)
  yield equal('bundle-circuit', { ...place, at: 'verifierId' }, verifier.verifierId, proof.verifierId)
  if (verifier.circuit !== undefined)
    yield equal('bundle-circuit', { ...place, at: 'name' }, verifier.circuit, bundle.circuit)
  const words = wordsOf(bundle, verifier)
  yield holds('statement-form', place, words !== undefined, "a statement of the circuit's shape", 'another shape')
  if (!words) return
  yield* checkTerms(statement)
  yield* checkCommitments(statement, new Set())
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head: bundle.head,
    terms: termsHash(statement),
  }
  yield equal('statement-hash', place, parts.statementHash, bundle.statementHash)
  yield equal('order-root', place, parts.orderRoot, bundle.orderRoot)
  yield equal('bundle-terms', place, parts.terms, bundle.terms)
  yield equal('batch-record', place, recordHash(parts), bundle.record)
  const { chain } = context
  yield holds('bundle-chain', { ...place, at: 'acceptance' }, chain !== 'not accepted', 'accepted', 'no such batch')
  const side = chain === 'not accepted' ? undefined : chain
  const signer = side?.epoch.signer ?? bundle.signer
  yield checkSignature(bundle, { epoch: bundle.epoch, signer }, index, bundle.signature, words)
  const { alpha, y } = bind({ ...bundle, beneficiary: proof.beneficiary, verifierId: verifier.verifierId }, words)
  yield equal('bundle-binding', { ...place, at: 'alpha' }, alpha, proof.alpha)
  yield equal('bundle-binding', { ...place, at: 'y' }, y, proof.y)
  const submission = { digest: proof.digest, beneficiary: proof.beneficiary, proof: proof.words }
  yield* checkProof(bundle, verifier, { index, submission }, words, verifyProof)
  if (side) yield* compare(bundle, side)
}

/** The trusted verifier that the bundle names, by id or else by its circuit's name, so that one wrong name shows as such. */
function trustedVerifier({ circuit, proof }: Bundle, verifiers: readonly TrustedVerifier[]): TrustedVerifier {
  const named =
    verifiers.find(({ verifierId }) => verifierId === proof.verifierId) ??
    verifiers.find((verifier) => verifier.circuit === circuit)
  if (named) return named
  const { verifierId } = proof
  throw new AuditError('KEY_UNKNOWN', `no verifying key is known for ${verifierId}`, {
    details: { verifierId, circuit },
  })
}

function wordsOf({ statement }: Bundle, shape: VerifierRecord): bigint[] | undefined {
  try {
    return encodeStatement(shape, statement)
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

/** The bundle against the chain, field by field. */
function* compare(bundle: Bundle, { epoch, batch }: ChainSide): Generator<Check> {
  const place = { batch: bundle.index }
  for (const field of ['epoch', 'index', 'statementHash', 'orderRoot', 'head', 'record'] as const) {
    yield equal('bundle-chain', { ...place, at: field }, batch[field], bundle[field])
  }
  yield equal('bundle-chain', { ...place, at: 'signer' }, epoch.signer, bundle.signer)
}

/** What an audit of a bundle without a chain cannot tell, in words. */
export const UNCHECKED_WITHOUT_CHAIN = [
  'that the chain accepted the batch',
  "that the signer is the epoch's, and the batch the next one",
] as const
