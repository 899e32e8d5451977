/** Why receipts stop (protocol, section 6: no back-pressure, no promise). */
export const STOP_CAUSES = [
  'starting',
  'stopping',
  'lease',
  'chain',
  'store',
  'inconsistent',
  'abandoned',
  'frozen',
  'ended',
  'uncovered',
  'quarantine',
  'overdue',
  'unproven',
  'unchecked',
  'undrawn',
  'unsigned',
  'queue',
] as const
export type StopCause = (typeof STOP_CAUSES)[number]

const TEXT: Readonly<Record<StopCause, string>> = {
  starting: 'the service is starting',
  stopping: 'the service is stopping',
  lease: 'this router does not hold the lane',
  chain: 'the chain is not seen',
  store: 'the database did not take the orders',
  inconsistent: 'the router found its own rows inconsistent',
  abandoned: 'the epoch was abandoned: its receipts from there on are void, and the operator opens the next one',
  frozen: 'the ledger is frozen: the epoch has to be abandoned',
  ended: 'the epoch ends here: the next one begins when the ledger has accepted its last batch',
  uncovered: 'the stake is below the minimum',
  quarantine: 'a batch is quarantined',
  overdue: 'the oldest unaccepted batch is older than a third of the deadline',
  unproven: 'too many batches wait for their proofs',
  unchecked: 'too many batches wait for the check that they can be proven',
  undrawn: 'too many sealed batches wait for their draws',
  unsigned: 'the receipt could not be signed; it stands, and is shown to whoever sends the order again',
  queue: 'too many orders wait',
}

/** How long a caller should stay away for each cause, ms. */
const RETRY_AFTER_MS: Readonly<Record<StopCause, number>> = {
  starting: 1000,
  stopping: 5000,
  lease: 2000,
  chain: 2000,
  store: 2000,
  inconsistent: 30_000,
  abandoned: 30_000,
  frozen: 30_000,
  ended: 2000,
  uncovered: 30_000,
  quarantine: 30_000,
  overdue: 5000,
  unproven: 1000,
  unchecked: 250,
  undrawn: 1000,
  unsigned: 1000,
  queue: 250,
}

/** Why receipts stop, as callers are told with BACK_PRESSURE. */
export interface Stop {
  readonly cause: StopCause
  readonly message: string
  readonly retryAfterMs: number
}

/** The words for a cause; whether it is set, {@link Gate} tells. */
export const stopFor = (cause: StopCause): Stop => ({
  cause,
  message: TEXT[cause],
  retryAfterMs: RETRY_AFTER_MS[cause],
})

/** Open while no cause is set. Everyone who watches something sets and clears its own cause. */
export class Gate {
  readonly #causes = new Set<StopCause>()
  readonly #changed: (cause: StopCause, stopped: boolean) => void

  constructor(changed: (cause: StopCause, stopped: boolean) => void = () => {}) {
    this.#changed = changed
  }

  set(cause: StopCause, stopped: boolean): void {
    if (this.#causes.has(cause) === stopped) return
    if (stopped) this.#causes.add(cause)
    else this.#causes.delete(cause)
    this.#changed(cause, stopped)
  }

  /** Why this cause stops receipts, if it does. */
  stopOf(cause: StopCause): Stop | undefined {
    return this.#causes.has(cause) ? stopFor(cause) : undefined
  }

  /** The first cause in the order of {@link STOP_CAUSES}, or `undefined` when receipts may be given. */
  get stop(): Stop | undefined {
    const cause = STOP_CAUSES.find((candidate) => this.#causes.has(candidate))
    return cause && stopFor(cause)
  }
}
