import type { Random } from '../simulate/random.ts'
import type { ObservedBatch } from './observed.ts'

/** Settings of what counts as a sign. */
export interface SignSettings {
  /** Age at which an honest batch closes, µs. */
  readonly age: number
  /** Share of batches that may be cut short without a reason: restarts, ends of epochs. */
  readonly toleratedCuts: number
  /** How soon after a close a batch must open to count as opened at once, µs. */
  readonly atOnce: number
}

/** Of a service that closes batches at the default age of 500 ms; for others say theirs (`--batch-age`), or honest batches look cut. */
export const SIGNS: SignSettings = { age: 500_000, toleratedCuts: 0.005, atOnce: 1000 }

/** Pairs of batches of which the first was not full. */
function* gaps(batches: readonly ObservedBatch[]): Generator<{ gap: number; count: number }> {
  for (const [i, batch] of batches.entries()) {
    const next = batches[i + 1]
    if (next && batch.assignments.length > 0 && batch.assignments.length < batch.slots)
      yield { gap: next.time - batch.time, count: batch.assignments.length }
  }
}

/** Batches that were closed before they were full or of age. */
export function cutBatches(batches: readonly ObservedBatch[], { age }: SignSettings): number {
  let cut = 0
  for (const { gap } of gaps(batches)) if (gap < age) cut++
  return cut
}

/** Batches that opened at once when the one before, which was not full, could close: as if orders had been waiting for it. */
export function openedAtOnce(batches: readonly ObservedBatch[], { age, atOnce }: SignSettings): number {
  let found = 0
  for (const { gap } of gaps(batches)) if (gap >= age && gap < age + atOnce) found++
  return found
}

/** The same count where arrivals are as random as they were within each batch (Poisson, at that batch's rate). */
export function openedByChance(batches: readonly ObservedBatch[], settings: SignSettings, random: Random): number {
  const { age, atOnce } = settings
  let found = 0
  for (const { count } of gaps(batches)) if (random.unit() < 1 - Math.exp((-count * atOnce) / age)) found++
  return found
}

/** How many batches may be cut, in a run of honest ones. */
export function cutsByChance(
  batches: readonly ObservedBatch[],
  { toleratedCuts }: SignSettings,
  random: Random,
): number {
  let cut = 0
  for (const _ of gaps(batches)) if (random.unit() < toleratedCuts) cut++
  return cut
}
