/** Policy × reputation: what an epoch's weights are once each shard's are multiplied. contracts/lib/WeightScale.sol is the same rule; test/contracts/standing.test.ts holds one to the other. */
import { FLOOR, FULL } from './reputation.ts'

const WEIGHT_BITS = 12n
const WEIGHT_MASK = (1n << WEIGHT_BITS) - 1n

/** Nothing is multiplied: 256 of 256 for every shard. */
export const fullMultipliers = (shards: number): bigint[] => new Array<bigint>(shards).fill(FULL)

/** Whether any weight is reduced. */
export const isMultiplied = (multipliers: readonly bigint[]): boolean => multipliers.some((each) => each !== FULL)

/** Whether multipliers are ones that a ledger takes: one a shard, each 128 … 256 of 256. */
export const areMultipliers = (multipliers: readonly bigint[], shards: number): boolean =>
  multipliers.length === shards && multipliers.every((each) => each >= FLOOR && each <= FULL)

/**
 * Policy words with their weights multiplied: a positive weight w becomes max(⌊w·m/256⌋, ⌈sum/1024⌉), `sum` being its segment's before; 0 stays 0, all else of a word stays. So a policy
 * keeps the registry's rules, and no weight rises.
 * @param words of a policy, one a shard; others come out as the bits say.
 * @param multipliers of 256, by shard; a missing one is 256.
 */
export function multipliedWords(words: readonly bigint[], multipliers: readonly bigint[]): bigint[] {
  const scaled = [...words]
  for (const shift of [0n, WEIGHT_BITS]) {
    const weights = words.map((word) => (word >> shift) & WEIGHT_MASK)
    const least = (weights.reduce((a, b) => a + b, 0n) + 1023n) / 1024n
    for (const [j, weight] of weights.entries()) {
      if (weight === 0n) continue
      const product = (weight * (multipliers[j] ?? FULL)) / FULL
      const result = product < least ? least : product
      scaled[j] = ((scaled[j] ?? 0n) & ~(WEIGHT_MASK << shift)) | (result << shift)
    }
  }
  return scaled
}
