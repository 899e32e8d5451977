import { abs, max } from '../base/integers.ts'
import { SEGMENTS } from '../order/order.ts'
import type { PolicyRecord } from './records.ts'

/** All bounds are in 256ths of the weight that went through the timelock. @see contracts/lib/RetuneBand.sol, which holds the operator to the same rule. */
const UNIT = 256n
/** Furthest from the timelocked weight: a quarter of it. */
const BAND = 64n
/** Furthest from the weight in force: a 16th of the timelocked one, and at least 1. */
const STEP = 16n
const WEIGHT_BITS = 12n

const weightOf = (word: bigint, segment: number): bigint =>
  BigInt.asUintN(Number(WEIGHT_BITS), word >> (BigInt(segment) * WEIGHT_BITS))

/**
 * How a retuned policy leaves the guard rails, in words; `undefined` when it stays inside.
 * @param base the policy that went through the timelock, `current` the one in force, `next` the retuned one.
 */
export function retuneFault(base: PolicyRecord, current: PolicyRecord, next: PolicyRecord): string | undefined {
  const rest = ({ feeWord, settlements, reportSigners }: PolicyRecord): string =>
    `${feeWord} ${settlements} ${reportSigners}`.toLowerCase()
  if (rest(next) !== rest(base) || next.words.length !== base.words.length) return 'more than the weights changed'
  for (const [shard, word] of next.words.entries()) {
    const fixed = base.words[shard] ?? 0n
    const inForce = current.words[shard] ?? 0n
    const weights = WEIGHT_BITS * BigInt(SEGMENTS.length)
    if (word >> weights !== fixed >> weights) return `shard ${shard}: more than the weights changed`
    for (const [segment, name] of SEGMENTS.entries()) {
      const [locked, now, wanted] = [weightOf(fixed, segment), weightOf(inForce, segment), weightOf(word, segment)]
      if (abs(wanted - locked) * UNIT > locked * BAND) return `shard ${shard}: ${name} weight ${wanted} leaves the band`
      if (abs(wanted - now) * UNIT > max(UNIT, locked * STEP))
        return `shard ${shard}: ${name} weight jumps to ${wanted}`
    }
  }
  return undefined
}
