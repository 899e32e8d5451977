import { CodedError } from '../base/error.ts'
import type { BatchState } from '../statement/batch-state.ts'

/** BATCH_TRANSITION_ILLEGAL: a bug or a lost race; the batch stays as it was. */
export class BatchStateError extends CodedError<'BATCH_TRANSITION_ILLEGAL'> {}

/** Who may make a transition. */
export type Actor = 'router' | 'prover' | 'submitter' | 'watcher' | 'operator'

/** The state machine (protocol, section 6): one row a transition, everything else is refused. */
const TRANSITIONS: readonly (readonly [from: BatchState, to: BatchState, by: readonly Actor[]])[] = [
  ['open', 'closed', ['router']],
  // Sealed mode: full or of age, and drawn once the seed of its seal is final.
  ['open', 'sealed', ['router']],
  ['sealed', 'closed', ['router']],
  ['closed', 'proven', ['submitter']],
  ['proven', 'sent', ['submitter']],
  ['sent', 'accepted', ['watcher']],
  // Reverted: the transaction is made anew.
  ['sent', 'proven', ['watcher']],
  ['accepted', 'final', ['watcher']],
  // A reorg: the same bytes again.
  ['accepted', 'proven', ['watcher']],
  // Rows that contradict their receipts, a batch without a witness, or three failures of proof or transaction.
  ['open', 'quarantined', ['router']],
  ['sealed', 'quarantined', ['router']],
  ['closed', 'quarantined', ['router', 'prover', 'submitter']],
  ['proven', 'quarantined', ['submitter']],
  ['quarantined', 'closed', ['operator']],
  ['quarantined', 'sealed', ['operator']],
  // Its epoch was abandoned before the ledger accepted it.
  ['open', 'abandoned', ['watcher']],
  ['sealed', 'abandoned', ['watcher']],
  ['closed', 'abandoned', ['watcher']],
  ['proven', 'abandoned', ['watcher']],
  ['sent', 'abandoned', ['watcher']],
  ['quarantined', 'abandoned', ['watcher']],
]

/** The states from which `to` may be reached by this actor. */
export const sourcesOf = (to: BatchState, by: Actor): BatchState[] =>
  TRANSITIONS.filter(([, target, actors]) => target === to && actors.includes(by)).map(([from]) => from)

/** Whether the state machine has this transition, for this actor. */
export const isLegal = (from: BatchState, to: BatchState, by: Actor): boolean => sourcesOf(to, by).includes(from)

/** @throws BatchStateError BATCH_TRANSITION_ILLEGAL. */
export function assertTransition(from: BatchState, to: BatchState, by: Actor): void {
  if (!isLegal(from, to, by))
    throw new BatchStateError('BATCH_TRANSITION_ILLEGAL', `the ${by} cannot move a batch from ${from} to ${to}`, {
      details: { from, to, by },
    })
}

/** States in which the chain has not accepted the batch, though receipts stand: they age against the deadline. */
export const UNACCEPTED: readonly BatchState[] = ['open', 'sealed', 'closed', 'proven', 'sent', 'quarantined']
