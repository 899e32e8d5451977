import type { ServiceClient } from '../service-client.ts'
import { startProgress } from '../shared/progress.ts'
import { note, print, type Terminal } from '../shared/terminal.ts'
import { countDraws } from './draws.ts'
import { describeForecast, forecast, span } from './forecast.ts'
import type { FlowOrder } from './orders.ts'
import { replay } from './replay.ts'
import { awaitAcceptance } from './settlement.ts'
import { settled, type Tally } from './tally.ts'

interface FlowOptions {
  readonly speed: number
  readonly retryDeferred: number
  readonly stallMs: number
  /** No progress, no forecast. */
  readonly quiet: boolean
}

/** The outcome of a replay. */
export interface FlowResult extends Tally {
  /** Whether the chain has accepted every batch that holds one of the orders. */
  readonly batchesAccepted: boolean
  readonly batches: number
  readonly seconds: number
}

/** Sends a flow and waits until the chain has accepted its batches. @throws CliError as {@link replay} and {@link awaitAcceptance}. */
export async function runFlow(
  terminal: Terminal,
  client: ServiceClient,
  orders: readonly FlowOrder[],
  { speed, retryDeferred, stallMs, quiet }: FlowOptions,
): Promise<FlowResult> {
  const { interrupted } = terminal
  const began = performance.now()
  if (!quiet) note(terminal, describeForecast(forecast(orders, speed)))
  const sending = startProgress(terminal, 'orders', orders.length, quiet)
  const sealed = new Set<string>()
  const tally = await replay(client, orders, {
    onSealed: (commitment) => sealed.add(commitment),
    speed,
    retryDeferred,
    interrupted,
    onProgress: (now) => sending.update(settled(now), `${now.deferred} deferred, ${now.tooLarge} too large`),
  }).finally(() => sending.end())
  const { firstBatch, lastBatch } = tally
  const batches = firstBatch === undefined || lastBatch === undefined ? 0 : Number(lastBatch - firstBatch + 1n)
  const batchesAccepted = await settle(terminal, client, tally, batches, { stallMs, quiet })
  if (batchesAccepted) await countDraws(client, tally, sealed)
  return { ...tally, batches, batchesAccepted, seconds: (performance.now() - began) / 1000 }
}

async function settle(
  terminal: Terminal,
  client: ServiceClient,
  { firstBatch, lastBatch }: Tally,
  batches: number,
  { stallMs, quiet }: Pick<FlowOptions, 'stallMs' | 'quiet'>,
): Promise<boolean> {
  if (firstBatch === undefined || lastBatch === undefined) return true
  const progress = startProgress(terminal, 'batches', batches, quiet)
  return awaitAcceptance(client, firstBatch, lastBatch, {
    stallMs,
    interrupted: terminal.interrupted,
    onProgress: (accepted) => progress.update(accepted, 'accepted by the chain'),
  }).finally(() => progress.end())
}

/** The outcome in lines. */
export function showFlow(terminal: Terminal, result: FlowResult): void {
  const { orders, accepted, deferred, sealed, tooLarge, retail, institutional, batches, batchesAccepted, seconds } =
    result
  const waiting = sealed > 0 ? `${sealed} not drawn, ` : ''
  print(
    terminal,
    `${orders} orders: ${accepted} accepted, ${deferred} deferred, ${waiting}${tooLarge} refused as too large`,
  )
  print(
    terminal,
    `${retail} retail, ${institutional} institutional; ${result.resent} sent again, ${result.waits} waits on Retry-After`,
  )
  const range = batches === 0 ? '' : ` (${result.firstBatch} to ${result.lastBatch})`
  const fate = batchesAccepted ? 'all accepted by the chain' : 'NOT all accepted by the chain'
  print(terminal, `${batches} batches${range}: ${fate} after ${span(seconds)}`)
}
