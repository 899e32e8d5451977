import { at } from '../base/at.ts'
import { areMultipliers, fullMultipliers } from '../policy/multiplied.ts'
import { FLOOR, FULL, STEP } from '../policy/reputation.ts'
import { type Check, equal, holds } from './check.ts'
import type { CodeOf } from './codes.ts'
import type { RegistryRecords } from './records.ts'

type PolicyCheck = Check<CodeOf<'policy'>>

/** Epochs between one that reputation concludes and the first that it counts for. */
const LATE = 2n

/** The least that a multiplier can have come to in an epoch, if every epoch up to two before it was concluded and lowered it. */
export const leastMultiplier = (epoch: bigint): bigint => {
  const lowest = FULL - STEP * (epoch > LATE ? epoch - LATE : 0n)
  return lowest > FLOOR ? lowest : FLOOR
}

/**
 * Replays what reputation concluded and what epochs were announced with: each conclusion a step from the one before, and each epoch's multipliers those that had
 * been concluded by then, two epochs late. Whether a conclusion follows from what shards settled is the contract's to keep.
 */
export function* checkReputation({ events }: RegistryRecords, shards: number): Generator<PolicyCheck> {
  // By epoch; before the first conclusion nothing is reduced.
  const concluded: (readonly bigint[])[] = [fullMultipliers(shards)]
  for (const event of events) {
    if (event.kind === 'concluded') {
      const { epoch, multipliers } = event
      const place = { epoch, at: 'conclusion of reputation' }
      yield equal('reputation-steps', place, BigInt(concluded.length), epoch)
      const before = at(concluded, concluded.length - 1)
      const step = areMultipliers(multipliers, shards) && multipliers.every((each, j) => apart(each, before[j]) <= STEP)
      yield holds('reputation-steps', place, step, `within ${STEP} of ${before}, ${FLOOR} … ${FULL}`, `${multipliers}`)
      concluded.push(multipliers)
    } else if (event.kind === 'announced') {
      const { epoch, multipliers = fullMultipliers(shards) } = event
      const due = epoch > LATE ? Number(epoch - LATE) : 0
      const expected = at(concluded, Math.min(due, concluded.length - 1))
      yield equal('epoch-multipliers', { epoch, at: 'announcement' }, `${expected}`, `${multipliers}`)
    }
  }
}

const apart = (a: bigint, b = 0n): bigint => (a > b ? a - b : b - a)
