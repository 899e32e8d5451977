import { CodedError } from '../base/error.ts'
import { unpackItems } from '../base/pack.ts'
import type { Head } from '../statement/record.ts'
import { type Carry, EMPTY_LOG } from './carry.ts'
import { type Check, holds } from './check.ts'
import { epochAt } from './epoch-at.ts'
import { rebuild } from './rebuild.ts'
import type { BatchRecord, EpochRecord, LedgerConfig } from './records.ts'
import type { Rebuilt } from './step.ts'
import { roots } from './steps/roots.ts'

/** A batch with the head that its own calldata says it continued: as good as that, until its record is opened. */
export function rebuildAlone(
  config: LedgerConfig,
  epochs: readonly EpochRecord[],
  batch: BatchRecord,
): (Rebuilt & { readonly epoch: EpochRecord; readonly before: Head }) | string {
  const epoch = epochAt(epochs, batch.index)
  const verifier = epoch?.verifiers[batch.submission.verifier]
  if (!epoch || !verifier) return 'no such epoch or verifier'
  try {
    const counters = unpackItems(batch.submission.previous.counters, 64, 4, config.shards)
    const before = { ...batch.submission.previous, counters }
    const rebuilt = rebuild({ shards: config.shards, slots: verifier.slots }, epoch, before, batch)
    return typeof rebuilt === 'string' ? rebuilt : { ...rebuilt, epoch, before }
  } catch (error) {
    if (error instanceof CodedError) return error.message
    throw error
  }
}

/**
 * Where an audit of a part of the chain begins: what a batch left, as the ledger's record of it says.
 *
 * The record is the hash of everything that the next batch continues, so that it can be opened with calldata alone; what earlier batches accepted is not in it.
 * @returns the checks; the generator's result is `undefined` when the record does not open.
 */
export function* carryAfter(
  config: LedgerConfig,
  epochs: readonly EpochRecord[],
  batch: BatchRecord,
): Generator<Check, Carry | undefined> {
  const rebuilt = rebuildAlone(config, epochs, batch)
  if (typeof rebuilt === 'string') {
    yield holds('statement-form', { batch: batch.index }, false, 'a well-formed V', rebuilt)
    return undefined
  }
  for (const check of roots.batch({ ...rebuilt, batch })) {
    yield check
    if (!check.ok) return undefined
  }
  return { head: rebuilt.head, accepted: new Set(), log: EMPTY_LOG }
}
