/** The batch state machine, in its order (protocol, section 6); `quarantined` waits for a person, `abandoned` is void. */
export const BATCH_STATES = [
  'open',
  'closed',
  'proven',
  'sent',
  'accepted',
  'final',
  'quarantined',
  'abandoned',
] as const
export type BatchState = (typeof BATCH_STATES)[number]
