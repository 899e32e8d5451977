/** What a fairness report tells besides the batches: forced orders, and receipts at hand. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SignedReceipt } from '../../audit/records.ts'
import type { ForcedHistory } from '../../chain/forced.ts'
import type { ObservedBatch } from '../../fairness/observed.ts'
import { type ForcedReport, type ReceiptsReport, spreadOf } from '../../fairness/report.ts'
import { CliError } from '../shared/exit.ts'

/** What became of the orders in an inbox. */
export function forcedReport({ events, due, uptime }: ForcedHistory): ForcedReport {
  const postedAt = new Map<bigint, bigint>()
  const waits: number[] = []
  let freezes = 0
  for (const event of events) {
    if (event.kind === 'posted') postedAt.set(event.number, event.time)
    if (event.kind === 'frozen') freezes++
    if (event.kind === 'discharged') waits.push(Number(event.time - (postedAt.get(event.number) ?? event.time)))
  }
  const overdue = due.left > 0n && uptime > due.dueAt ? Number(due.left) : 0
  const wait = waits.length === 0 ? {} : { wait: spreadOf(waits) }
  return { posted: postedAt.size, taken: waits.length, overdue, freezes, ...wait }
}

/** How long orders waited from their own receipt to the acceptance of their batch. */
export function receiptsReport(held: readonly SignedReceipt[], batches: readonly ObservedBatch[]): ReceiptsReport {
  const acceptedAt = new Map(batches.map(({ index, acceptedAt: at }) => [index, at]))
  const waits = held.flatMap(({ batch, time }) => {
    const at = acceptedAt.get(batch)
    return at === undefined ? [] : [(at - Number(time)) / 1e6]
  })
  const wait = waits.length === 0 ? {} : { wait: spreadOf(waits) }
  return { receipts: held.length, accepted: waits.length, ...wait }
}

/** Files of receipts: the one that is named, or all JSON files of a folder. @throws CliError FILE_UNREADABLE, USAGE. */
export async function receiptFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError('FILE_UNREADABLE', `cannot read ${path} (${error.code})`)
  })
  if (!found.isDirectory()) return [path]
  const files = (await readdir(path)).filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new CliError('USAGE', `${path} holds no JSON files`)
  return files.map((name) => join(path, name))
}
