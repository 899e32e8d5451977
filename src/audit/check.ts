import { CodedError } from '../base/error.ts'

/**
 * The auditor could not reach a verdict.
 * - `KEY_UNKNOWN`: no verifying key is known for a verifier; `details.verifierId` says which.
 * - `BUNDLE_INCOMPLETE`: a view of a batch, which has a state, in place of its bundle.
 * - `ANCHOR_INVALID`: no anchor, of another version, or altered.
 * - `BATCH_NOT_ACCEPTED`: an anchor was asked for batches that the ledger had not accepted at that block.
 */
export class AuditError extends CodedError<
  'KEY_UNKNOWN' | 'BUNDLE_INCOMPLETE' | 'ANCHOR_INVALID' | 'BATCH_NOT_ACCEPTED'
> {}

/** Every check by name, with what holds when it passes. Names are stable: scripts match on them. */
export const CHECKS = {
  'genesis-state': "the ledger's genesis state is the hash of S idle shards",
  'epoch-sequence': 'epochs are numbered from 1 and each begins after the one before',
  'epoch-key': 'the epoch names a signer and a key commitment in the field',
  'epoch-seed': "the seed follows from the epoch's announced block",
  'policy-rules': 'the published policy keeps every rule of the protocol',
  'policy-hash': 'the published policy has the hash that the epoch names',
  'policy-words': 'the words that batches are proven under are those of the published policy',
  'verifier-id': "the verifier's id is the hash of its circuit's shape and key",
  'verifier-key': "the verifier's key is made of valid points, and proofs under it cannot be forged",
  'verifier-shape': "the verifier proves the epoch's kind of policy for the ledger's shards",
  'batch-index': 'batches follow each other without a gap',
  'batch-epoch': 'the batch belongs to the open epoch that its index selects',
  'batch-verifier': "the batch was proven with one of its epoch's verifiers",
  'previous-head': 'the batch continues the head that the last one left',
  'batch-time': 'at least minInterval after the last batch, and not ahead of its block',
  'served-counters': 'service counters never go back, and those of shards that do not report never move',
  'statement-form': 'V is well-formed: fields in range, no stray bits, empty slots empty',
  'batch-event': "the event's beneficiary and count are those of the calldata",
  'statement-hash': 'the rebuilt V has the hash that was published',
  'statement-digest': 'D is the sponge of the rebuilt V',
  'fee-range': 'every fee lies between feeMin and feeMax',
  'assignment-range': 'every assignment names a shard that exists, or none',
  'commitment-unique': 'no commitment appears twice in the batch',
  'accepted-once': 'no commitment was accepted in an earlier batch',
  'batch-signature': "the epoch's signer signed the batch",
  proof: 'the proof verifies for D, alpha and y of the rebuilt V',
  'order-root': 'the order tree of the batch has the published root',
  'batch-head': 'the published head is what the batch leaves',
  'batch-record': 'the stored record opens to order root, V hash, head and terms',
  'chain-records': 'the endpoint tells what the contracts can have written',
  'ledger-head': "the ledger's head is the one that the last batch left",
  'bundle-form': 'the bundle is well-formed, in canonical text',
  'bundle-counts': "the bundle's index, time and counts are those of its statement",
  'bundle-binding': "the proof's public signals are those of the statement, ledger, beneficiary and verifier",
  'bundle-terms': "the bundle's terms are those of its statement",
  'bundle-circuit': "circuit and verifier id name one of the epoch's verifiers",
  'bundle-epoch': "the bundle's signer, key commitment, seed and policy are those of the batch's epoch",
  'bundle-chain': 'the chain accepted this batch, with this record',
} as const
export type CheckName = keyof typeof CHECKS

/** Where a check looked. */
export interface Place {
  readonly epoch?: bigint
  readonly batch?: bigint
  /** The field, shard or slot, when the check has several. */
  readonly at?: string
}

/** The outcome of one check; expected and found are given when it failed. */
export interface Check extends Place {
  readonly name: CheckName
  readonly ok: boolean
  readonly expected?: string
  readonly found?: string
  /** Why the check could not be made; then it neither passed nor failed, and `ok` is false. */
  readonly unchecked?: string
}

/** A value that a check compares. */
export type Comparable = bigint | number | string | boolean

/** A check that two values agree; hex and addresses are compared without regard to case. */
export function equal(name: CheckName, place: Place, expected: Comparable, found: Comparable): Check {
  const [left, right] = [expected, found].map(spelling)
  return left === right
    ? { name, ok: true, ...place }
    : { name, ok: false, ...place, expected: String(expected), found: String(found) }
}

/** Hex means the same in either case; nothing else does. */
function spelling(value: Comparable): string {
  const text = String(value)
  return text.startsWith('0x') ? text.toLowerCase() : text
}

/** A check that something holds. @param expected, found texts for when it does not. */
export function holds(name: CheckName, place: Place, ok: boolean, expected: string, found: Comparable): Check {
  return ok ? { name, ok, ...place } : { name, ok, ...place, expected, found: String(found) }
}

/** A check that could not be made. @param why for people. */
export const unchecked = (name: CheckName, place: Place, why: string): Check => ({
  name,
  ok: false,
  ...place,
  unchecked: why,
})
