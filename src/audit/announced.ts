import type { EpochRecord, RegistryEvent } from './records.ts'

/** What the ledger's events say of an epoch. */
export type Announced = Required<
  Pick<
    EpochRecord,
    | 'epoch'
    | 'firstBatch'
    | 'seedBlock'
    | 'policyHash'
    | 'signer'
    | 'keyCommit'
    | 'fromReset'
    | 'sealedMode'
    | 'abandoned'
  >
> &
  Pick<EpochRecord, 'multipliers'> & {
    /** First index past it; `undefined` for the latest, while it runs. */
    readonly end?: bigint
  }

/** Replays the ledger's events: a missed seed block is renewed, and an abandonment ends the latest epoch, with the one before it if the latest still waited. */
export function announcedEpochs(events: readonly RegistryEvent[]): Announced[] {
  const epochs: Announced[] = []
  const change = (at: number, to: Partial<Announced>): void => {
    const known = epochs[at]
    if (known) epochs[at] = { ...known, ...to }
  }
  for (const event of events) {
    const latest = epochs.length - 1
    if (event.kind === 'announced') {
      if (epochs[latest]?.abandoned === false) change(latest, { end: event.firstBatch })
      const { kind: _, time: __, fromReset = false, sealedMode = false, ...told } = event
      epochs.push({ ...told, fromReset, sealedMode, abandoned: false })
    } else if (event.kind === 'renewed') change(latest, { seedBlock: event.seedBlock })
    else if (event.kind === 'ended') {
      const { nextIndex } = event
      const waited = (epochs[latest]?.firstBatch ?? 0n) > nextIndex
      change(latest, { abandoned: true, end: nextIndex, ...(waited && { firstBatch: nextIndex }) })
      if (waited) change(latest - 1, { abandoned: true, end: nextIndex })
    }
  }
  return epochs
}
