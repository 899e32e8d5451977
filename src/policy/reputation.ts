/** What shards' weights are multiplied by, of 256: contracts/lib/Standing.sol in TypeScript. Pure integers. */

/** The multiplier that reduces nothing. */
export const FULL = 256n
/** The least multiplier: half. */
export const FLOOR = 128n
/** The most that a multiplier moves from one epoch to the next. */
export const STEP = 8n

const ONE = 1n << 32n

/** What part of the surplus due was paid, in 2^-32, at most all of it. */
export const scoreOf = (paid: bigint, due: bigint): bigint => (paid >= due ? ONE : (paid * ONE) / due)

/** The middle of the scores, the upper one of two; 0 when there is none. */
export function medianOf(scores: readonly bigint[]): bigint {
  const sorted = scores.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[sorted.length >> 1] ?? 0n
}

/**
 * Moves each multiplier by at most {@link STEP} towards 256·score/median.
 * @param scores by shard; `undefined` where too little surplus was due to tell: such a multiplier stays.
 */
export function nextMultipliers(before: readonly bigint[], scores: readonly (bigint | undefined)[]): bigint[] {
  const median = medianOf(scores.filter((score) => score !== undefined))
  return before.map((from, j) => {
    const score = scores[j]
    return score === undefined ? from : towards(from, targetOf(score, median))
  })
}

function targetOf(score: bigint, median: bigint): bigint {
  if (score >= median) return FULL
  const target = (FULL * score) / median
  return target < FLOOR ? FLOOR : target
}

function towards(from: bigint, target: bigint): bigint {
  if (from > target) return from - target > STEP ? from - STEP : target
  return target - from > STEP ? from + STEP : target
}
