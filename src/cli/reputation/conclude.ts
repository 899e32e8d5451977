import { z } from 'zod'
import { packItems } from '../../base/pack.ts'
import type { ContractCall, ContractCaller, MinedCall, Refusal } from '../../chain/contract-caller.ts'
import { ChainError } from '../../chain/error.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import { feeWords, openMask } from '../../statement/statement.ts'
import { batchOf, recordOf } from '../audit/challenge/evidence.ts'

type Called = 'reputation'

/** How far reputation is: every epoch up to `concluded` has moved the multipliers. */
export interface Progress {
  readonly closed: bigint
  readonly concluded: bigint
}

/** What was sent, and why nothing more can be now. */
export interface Conclusion {
  readonly calls: readonly MinedCall<Called>[]
  readonly progress: Progress
  /** Of the next epoch. */
  readonly why: string
}

/** @throws ChainError. */
export async function progressOf(caller: ContractCaller<Called>): Promise<Progress> {
  const read = (view: string) => caller.ask('reputation', view, [], z.bigint())
  const [closed, concluded] = await Promise.all([read('closed'), read('concluded')])
  return { closed, concluded }
}

/**
 * Closes epochs that are over, tallies the batches of their samples and concludes them, in order and as far as it can be done now. Anybody may, and what others did is not done twice.
 * @throws ChainError; CliError USAGE for a batch that cannot be opened.
 */
export async function concludeAll(
  reader: LedgerReader,
  caller: ContractCaller<Called>,
  onCall: (call: MinedCall<Called>) => void,
): Promise<Conclusion> {
  const calls: MinedCall<Called>[] = []
  const step = async (method: string, args: readonly unknown[]): Promise<Refusal | undefined> => {
    const call: ContractCall<Called> = { contract: 'reputation', method, args }
    const refusal = await caller.refusal(call)
    if (refusal) return refusal
    const { mined } = await caller.send(call)
    calls.push(mined)
    onCall(mined)
    return undefined
  }
  for (;;) {
    const progress = await progressOf(caller)
    const epoch = progress.concluded + 1n
    if (progress.closed < epoch && (await step('close', [epoch])))
      return { calls, progress, why: `epoch ${epoch} is not over` }
    const why = await tallyAll(reader, caller, epoch, step)
    const refusal = why === undefined ? await step('conclude', [epoch]) : undefined
    if (why !== undefined || refusal)
      return { calls, progress: await progressOf(caller), why: why ?? `epoch ${epoch}: ${refusal?.error}` }
  }
}

/** @returns why the sample cannot be tallied now. */
async function tallyAll(
  reader: LedgerReader,
  caller: ContractCaller<Called>,
  epoch: bigint,
  step: (method: string, args: readonly unknown[]) => Promise<Refusal | undefined>,
): Promise<string | undefined> {
  const epochs = await reader.epochs()
  for (let sample = 0; ; sample++) {
    const index = await sampleOf(caller, epoch, sample)
    // The contract has no further one.
    if (index === 'SampleRefused') return undefined
    if (typeof index === 'string') {
      const redrawn = (await step('redraw', [epoch])) === undefined
      return `epoch ${epoch}: its sample is ${redrawn ? 'drawn anew' : 'drawn'} with the next block`
    }
    const batch = await batchOf(reader, index, epochs)
    const { fees, open, time, commitments, assignments } = batch.statement
    const terms = {
      ...{ fees: feeWords(fees), openMask: openMask(open), time },
      ...{ count: commitments.length, beneficiary: batch.beneficiary },
    }
    const bytes = packItems(assignments.map(BigInt), 8, 31)
    const refusal = await step('tally', [epoch, sample, recordOf(batch), terms, commitments, bytes])
    // Tallied already.
    if (refusal && refusal.error !== 'SampleRefused') return `epoch ${epoch}: batch ${index}: ${refusal.error}`
  }
}

/** The batch of a sample, or why the contract names none. */
async function sampleOf(caller: ContractCaller<Called>, epoch: bigint, sample: number): Promise<bigint | string> {
  try {
    return await caller.ask('reputation', 'sampleOf', [epoch, sample], z.bigint())
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'TRANSACTION_REVERTED') throw error
    return String(error.details.error)
  }
}
