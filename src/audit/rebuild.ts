import { CodedError } from '../base/error.ts'
import { min } from '../base/integers.ts'
import { packItems, packWord, unpackItems } from '../base/pack.ts'
import { shardPolicyOf } from '../policy/policy.ts'
import { resetStates, stateHash } from '../route/state.ts'
import { HEAD_SCALARS, type Head } from '../statement/record.ts'
import { decodeStatement, HEADER, layout, type Shape } from '../statement/statement.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import type { BatchRecord, EpochRecord } from './records.ts'
import type { Rebuilt } from './step.ts'

/** Elapsed times and served work saturate here, in µs and ticks. */
export const MAX_ELAPSED = 2n ** 40n - 1n
const SERVED = { bits: 40, perWord: 6 } as const
const COUNTERS = { bits: 64, perWord: 4 } as const

/** What rebuilding needs of a batch. */
export type SealedSubmission = Pick<BatchRecord, 'submission' | 'seal'>

/**
 * Rebuilds V, as the ledger does.
 * @param batch its seal, where it has one, brings its own seed.
 * @param last the head that the batch continues, as the auditor carried it.
 * @returns V with its reading, or in words why calldata does not make a well-formed one.
 */
export function rebuild(shape: Shape, epoch: EpochRecord, last: Head, batch: SealedSubmission): Rebuilt | string {
  const { submission, seal } = batch
  const before = entered(last, epoch, shape.shards)
  const elapsed = min(submission.time - before.time, MAX_ELAPSED)
  try {
    const counters = unpackItems(submission.counters, COUNTERS.bits, COUNTERS.perWord, shape.shards)
    const served = epoch.policyWords.map((word, shard) =>
      shardPolicyOf(word).reporting ? (counters[shard] ?? 0n) - (before.counters[shard] ?? 0n) : elapsed,
    )
    const words = assemble(shape, { ...epoch, seed: seal?.seed ?? epoch.seed }, before, submission, served, elapsed)
    const head: Head = {
      epoch: epoch.epoch,
      nextIndex: before.nextIndex + 1n,
      state: submission.stateAfter,
      time: submission.time,
      orderCounter: before.orderCounter + BigInt(submission.commitments.length),
      counters,
    }
    // A head that does not fit its words has no hash.
    packWord(HEAD_SCALARS, head)
    return { words, statement: decodeStatement(shape, words), head }
  } catch (error) {
    // Packing and decoding refuse stray bits, wrong lengths and words outside the field with coded errors.
    if (error instanceof CodedError) return error.message
    throw error
  }
}

/** Hash of the state from which an epoch may start after an abandonment. */
export const resetState = (shards: number): bigint => stateHash(0n, resetStates(shards))

/** The head as an epoch takes it over: counters start from 0, and after an abandonment perhaps from the public reset state. */
export function entered(
  last: Head,
  { epoch, fromReset }: Pick<EpochRecord, 'epoch' | 'fromReset'>,
  shards: number,
): Head {
  if (last.epoch === epoch) return last
  const state = fromReset === true ? resetState(shards) : last.state
  return { ...last, state, counters: new Array<bigint>(shards).fill(0n) }
}

/** V's parts by name, laid out in the one order that `statement.ts` knows. */
function assemble(
  shape: Shape,
  epoch: EpochRecord,
  before: Head,
  submission: SubmissionWords,
  served: readonly bigint[],
  elapsed: bigint,
): bigint[] {
  const header: Record<(typeof HEADER)[number], bigint> = {
    keyCommit: epoch.keyCommit,
    seed: epoch.seed,
    batchIndex: before.nextIndex,
    orderCounter: before.orderCounter,
    time: submission.time,
    elapsed,
    stateBefore: before.state,
    stateAfter: submission.stateAfter,
    count: BigInt(submission.commitments.length),
    feeWord: epoch.feeWord,
  }
  const parts: Readonly<Record<string, readonly bigint[]>> = {
    header: HEADER.map((name) => header[name]),
    fees: submission.fees,
    openMask: [submission.openMask],
    served: packItems(served, SERVED.bits, SERVED.perWord),
    policyWords: epoch.policyWords,
    commitments: submission.commitments,
    assignments: submission.assignments,
  }
  // The ledger pads to the verifier's slots; a part that is too long makes V too long, which decoding refuses.
  return layout(shape).flatMap(([part, length]) => {
    const words = parts[part] ?? []
    return [...words, ...new Array<bigint>(Math.max(0, length - words.length)).fill(0n)]
  })
}
