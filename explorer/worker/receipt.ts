import { type Check, holds } from '../../src/audit/check.ts'
import { isVoid } from '../../src/audit/is-void.ts'
import { parseJson } from '../../src/audit/json-text.ts'
import { readReceipt } from '../../src/audit/receipt-schema.ts'
import { receipts } from '../../src/audit/steps/receipts.ts'
import type { AcceptedBatch } from '../../src/order/receipt.ts'
import { assignmentsOf } from './digest.ts'
import { foundAt } from './inclusion.ts'
import type { Handler } from './serve.ts'

/** Holds a receipt to the chain: its form, its signer, and what the accepted batch says of it. */
export const receipt: Handler<'receipt'> = async (sources, text) => {
  const held = readReceipt(parseJson(text))
  const form = holds('receipt-form', {}, held !== undefined, 'a receipt with its signature', 'something else')
  if (!held) return { checks: [form] }
  const reader = await sources.reader()
  const list = await (await sources.acceptances()).latest()
  const acceptance = list.find(({ index }) => index === held.batch)
  const batch = acceptance && (await (await sources.acceptances()).read(acceptance))
  const said: AcceptedBatch | undefined = batch && {
    ...{ epoch: batch.epoch, index: batch.index, time: batch.submission.time },
    commitments: batch.submission.commitments,
    assignments: assignmentsOf(batch),
  }
  const now = await reader.block(await reader.blockNumber())
  const epochs = await reader.epochs()
  const checks: Check[] = [form]
  checks.push(
    ...receipts.end({
      config: reader.config,
      epochs,
      batches: new Map(said ? [[said.index, said]] : []),
      nextIndex: (list.at(-1)?.index ?? -1n) + 1n,
      timeS: BigInt(now?.timeS ?? 0),
      receipts: [held],
    }),
  )
  const { signature: _, ...shown } = held
  const there = batch?.submission.commitments[held.slot] === held.commitment
  const givenUp = isVoid(epochs, held.epoch, held.batch)
  return { checks, receipt: shown, givenUp, ...(batch && there && { found: foundAt(batch, held.slot) }) }
}
