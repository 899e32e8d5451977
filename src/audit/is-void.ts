import type { EpochRecord } from './records.ts'

/** What is known of how an epoch ended. */
export type EpochEnd = Pick<EpochRecord, 'epoch' | 'abandoned' | 'end'>

/** Whether an epoch was given up before a batch: its receipts from there on are void (protocol, section 6), and can be neither broken nor overdue. */
export function isVoid(epochs: readonly EpochEnd[], epoch: bigint, batch: bigint): boolean {
  const found = epochs.find(({ epoch: number }) => number === epoch)
  return found?.abandoned === true && found.end !== undefined && batch >= found.end
}
