import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerReader } from '../../chain/reader.ts'
import type { Terminal } from './terminal.ts'

/** When a window of the chain has passed: both, where both are given. */
export interface After {
  readonly block?: bigint
  /** Seconds since the Unix epoch. */
  readonly timeS?: bigint
}

/** Between two looks at the chain while a window runs. */
const LOOK_MS = 1_000

/** Waits until the chain has gone on. @param giveUp ms since the Unix epoch. @returns whether it has, before it was time to give up. */
export async function passes(
  { interrupted }: Terminal,
  reader: LedgerReader,
  after: After,
  giveUp: number,
): Promise<boolean> {
  while (Date.now() < giveUp && !interrupted.aborted) {
    await pause(LOOK_MS, undefined, { signal: interrupted }).catch(() => {})
    const latest = await reader.blockNumber()
    const timeS = BigInt((await reader.block(latest))?.timeS ?? 0)
    if (BigInt(latest) >= (after.block ?? 0n) && timeS >= (after.timeS ?? 0n)) return true
  }
  return false
}

/** `block 7 and 2026-01-01T00:00:00.000Z`, or one of the two. */
export function afterText({ block, timeS }: After): string {
  const moment = timeS === undefined ? [] : [new Date(Number(timeS) * 1000).toISOString()]
  return [...(block === undefined ? [] : [`block ${block}`]), ...moment].join(' and ')
}
