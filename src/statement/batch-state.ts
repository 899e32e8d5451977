/**
 * The batch state machine, in its order (protocol, section 6): `sealed` in sealed mode alone, until its seed is drawn; `quarantined` waits for a person, `abandoned` is void.
 */
export const BATCH_STATES = [
  'open',
  'sealed',
  'closed',
  'proven',
  'sent',
  'accepted',
  'final',
  'quarantined',
  'abandoned',
] as const
export type BatchState = (typeof BATCH_STATES)[number]

/** States of a batch that the chain has accepted: its statement is in calldata that everybody can read. */
export const ACCEPTED_STATES = ['accepted', 'final'] as const satisfies readonly BatchState[]

/** Whether it is one of {@link ACCEPTED_STATES}; a reorganization can take `accepted` back, `final` it cannot. */
export const isAccepted = (state: BatchState): boolean => ACCEPTED_STATES.some((accepted) => accepted === state)
