import type { BatchDigest } from '../wire/views.ts'

/** What follows of a shard from what batches published: load itself stays private. */
export interface ShardState {
  readonly open: boolean
  /** The open flag changed so many batches ago; `undefined`: not in the batches at hand. */
  readonly sinceBatches: number | undefined
  /** Slow start, 0 to 3; `undefined` where the batches at hand do not tell. */
  readonly ramp: number | undefined
  readonly fee: number
  /** Fees rise while the backlog is above its target, and fall otherwise (protocol, section 3). */
  readonly load: 'above target' | 'at or below target' | 'unknown'
}

/** Full slow start: the shard has its whole weight. */
export const FULL_RAMP = 3

/**
 * A shard's published state after a run of batches without gaps.
 * @param batches oldest first, at least one.
 * @param feeMax at which a fee rises no more.
 */
export function shardStateOf(batches: readonly BatchDigest[], shard: number, feeMax: number): ShardState {
  // The ledger begins with every shard open and at full ramp; later starts are not known.
  let ramp = batches[0]?.index === 0n ? FULL_RAMP : undefined
  let unknownFor = 0
  let before = batches[0]?.index === 0n ? true : undefined
  let since: number | undefined
  for (const [i, { open }] of batches.entries()) {
    const now = open[shard] ?? false
    if (before !== undefined && now !== before) since = batches.length - 1 - i
    if (!now || before === false) ramp = 0
    else if (ramp !== undefined) ramp = Math.min(FULL_RAMP, ramp + 1)
    else if (++unknownFor > FULL_RAMP) ramp = FULL_RAMP
    before = now
  }
  const [last, previous] = [batches.at(-1), batches.at(-2)]
  const fee = last?.fees[shard] ?? 0
  return { open: before ?? false, sinceBatches: since, ramp, fee, load: loadOf(previous?.fees[shard], fee, feeMax) }
}

function loadOf(previous: number | undefined, fee: number, feeMax: number): ShardState['load'] {
  if (previous === undefined) return 'unknown'
  return fee > previous || (fee === feeMax && previous === feeMax) ? 'above target' : 'at or below target'
}
