import { CodedError } from '../base/error.ts'
import { min } from '../base/integers.ts'
import { packItems, unpackItems } from '../base/pack.ts'
import { shardPolicyOf } from '../policy/policy.ts'
import { resetStates, stateHash } from '../route/state.ts'
import type { Head } from '../statement/record.ts'
import { decodeStatement, HEADER, layout, type Shape, type Statement } from '../statement/statement.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { type Check, equal, holds } from './check.ts'
import type { EpochRecord } from './records.ts'

/** A batch's V, put together as the ledger does: from calldata and what the chain knows itself. */
export interface Rebuilt {
  readonly words: readonly bigint[]
  readonly statement: Statement
  /** What the next batch continues. */
  readonly head: Head
}

const MAX_ELAPSED = 2n ** 40n - 1n
const SERVED = { bits: 40, perWord: 6 } as const
const COUNTERS = { bits: 64, perWord: 4 } as const

/**
 * Rebuilds V.
 * @param epoch the batch's, with the seed that is the batch's own in sealed mode.
 * @param last the head that the batch continues, as the auditor carried it.
 * @returns the checks on the way; the generator's result is `undefined` when calldata does not make a well-formed V.
 */
export function* rebuild(
  shape: Shape,
  epoch: EpochRecord,
  last: Head,
  submission: SubmissionWords,
): Generator<Check, Rebuilt | undefined> {
  const before = entered(shape, epoch, last)
  const place = { batch: before.nextIndex }
  const elapsed = min(submission.time - before.time, MAX_ELAPSED)
  try {
    const counters = unpackItems(submission.counters, COUNTERS.bits, COUNTERS.perWord, shape.shards)
    const served = yield* servedWork(epoch, before, counters, elapsed)
    const words = assemble(shape, epoch, before, submission, served, elapsed)
    const statement = decodeStatement(shape, words)
    yield holds('statement-form', place, true, '', '')
    const head: Head = {
      epoch: epoch.epoch,
      nextIndex: before.nextIndex + 1n,
      state: submission.stateAfter,
      time: submission.time,
      orderCounter: before.orderCounter + BigInt(submission.commitments.length),
      counters,
    }
    return { words, statement, head }
  } catch (error) {
    // Packing and decoding refuse stray bits, wrong lengths and words outside the field with coded errors.
    if (!(error instanceof CodedError)) throw error
    yield holds('statement-form', place, false, 'a well-formed V', error.message)
    return undefined
  }
}

/** The head as an epoch takes it over: counters start from 0, and after an abandonment perhaps from the public reset state. */
function entered({ shards }: Shape, { epoch, fromReset }: EpochRecord, last: Head): Head {
  if (last.epoch === epoch) return last
  const state = fromReset === true ? stateHash(0n, resetStates(shards)) : last.state
  return { ...last, state, counters: new Array<bigint>(shards).fill(0n) }
}

function* servedWork(
  epoch: EpochRecord,
  before: Head,
  counters: readonly bigint[],
  elapsed: bigint,
): Generator<Check, bigint[]> {
  const served: bigint[] = []
  for (const [shard, word] of epoch.policyWords.entries()) {
    const [old = 0n, now = 0n] = [before.counters[shard], counters[shard]]
    const place = { batch: before.nextIndex, at: `shard ${shard}` }
    const { reporting } = shardPolicyOf(word)
    const work = now - old
    if (reporting)
      yield holds('served-counters', place, work >= 0n && work <= MAX_ELAPSED, `${old} … ${old + MAX_ELAPSED}`, now)
    else yield equal('served-counters', place, old, now)
    served.push(reporting ? work : elapsed)
  }
  return served
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
