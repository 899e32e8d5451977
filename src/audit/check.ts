import { CodedError } from '../base/error.ts'
import type { CheckName } from './codes.ts'

/**
 * The auditor could not reach a verdict.
 * - `KEY_UNKNOWN`: no verifying key is known for a verifier; `details.verifierId` says which.
 * - `BUNDLE_INCOMPLETE`: a view of a batch, which has a state, in place of its bundle.
 * - `ANCHOR_INVALID`: no anchor, of another version, or altered.
 * - `BATCH_NOT_ACCEPTED`: an anchor was asked for batches that the ledger had not accepted at that block.
 * - `STATE_INVALID`: the state of an earlier audit is missing, altered, or of another ledger or chain: nothing goes on from it.
 */
export class AuditError extends CodedError<
  'KEY_UNKNOWN' | 'BUNDLE_INCOMPLETE' | 'ANCHOR_INVALID' | 'BATCH_NOT_ACCEPTED' | 'STATE_INVALID'
> {}

/** Where a check looked. */
export interface Place {
  readonly epoch?: bigint
  readonly batch?: bigint
  /** The field, shard or slot, when the check has several. */
  readonly at?: string
}

/** The outcome of one check; expected and found are given when it failed. */
export interface Check<Name extends CheckName = CheckName> extends Place {
  readonly name: Name
  readonly ok: boolean
  readonly expected?: string
  readonly found?: string
  /** Why the check could not be made; then it neither passed nor failed, and `ok` is false. */
  readonly unchecked?: string
}

/** A value that a check compares. */
export type Comparable = bigint | number | string | boolean

/** A check that two values agree; hex and addresses are compared without regard to case. */
export function equal<Name extends CheckName>(
  name: Name,
  place: Place,
  expected: Comparable,
  found: Comparable,
): Check<Name> {
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
export function holds<Name extends CheckName>(
  name: Name,
  place: Place,
  ok: boolean,
  expected: string,
  found: Comparable,
): Check<Name> {
  return ok ? { name, ok, ...place } : { name, ok, ...place, expected, found: String(found) }
}

/** A check that could not be made. @param why for people. */
export const unchecked = <Name extends CheckName>(name: Name, place: Place, why: string): Check<Name> => ({
  name,
  ok: false,
  ...place,
  unchecked: why,
})
