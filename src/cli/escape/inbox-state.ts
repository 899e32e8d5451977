import { z } from 'zod'
import { DueFields } from '../../chain/system-schema.ts'
import type { Escape } from './escape.ts'

/** What an inbox asks of the operator. Numbers are places in the queue; times are seconds of the ledger's uptime. */
export interface InboxState {
  readonly posted: bigint
  /** Orders that have to be taken next: `from` up to, not including, `to`; `left` of them are not discharged. */
  readonly due: { readonly from: bigint; readonly to: bigint; readonly left: bigint }
  /** Until they are overdue; 0n once they are, `undefined` when none are left. */
  readonly leftS: bigint | undefined
  readonly overdue: boolean
  readonly frozen: boolean
}

/** @throws ChainError. */
export async function inboxState({ caller }: Pick<Escape, 'caller'>): Promise<InboxState> {
  const [posted, { dueAt, ...due }, overdue, uptime, frozen] = await Promise.all([
    caller.ask('inbox', 'posted', [], z.bigint()),
    caller.ask('inbox', 'due', [], DueFields),
    caller.ask('inbox', 'isOverdue', [], z.boolean()),
    caller.ask('ledger', 'uptime', [], z.bigint()),
    caller.ask('ledger', 'frozen', [], z.boolean()),
  ])
  const leftS = due.left === 0n ? undefined : dueAt > uptime ? dueAt - uptime : 0n
  return { posted, due, leftS, overdue, frozen }
}

const Place = z.tuple([z.boolean(), z.bigint()])

/** Where a commitment waits in the inbox; `undefined` when it does not. @throws ChainError. */
export async function placeInInbox(
  { caller }: Pick<Escape, 'caller'>,
  commitment: bigint,
): Promise<bigint | undefined> {
  const [waits, number] = await caller.ask('inbox', 'numberOf', [commitment], Place)
  return waits ? number : undefined
}
