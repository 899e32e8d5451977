import type { ServiceBus, ServiceEvents } from '../../service/events.ts'
import type { LiveView } from './live-view.ts'

/** What is known of a batch on its way. */
interface Underway {
  count: number
  deferred: number
  shards: readonly number[]
  proveMs?: number
}

/** Totals of the status line. */
interface Totals {
  accepted: number
  deferred: number
  /** Orders that wait for their draws. */
  sealed: number
  closed: number
  proven: number
  onChain: number
  gas: bigint
}

/**
 * Shows orders, shards, batches, proofs and gas as they happen: one line for each batch that the chain has accepted, the totals below.
 * @returns stops showing.
 */
export function flowView(view: LiveView, bus: ServiceBus): () => void {
  const batches = new Map<bigint, Underway>()
  const totals: Totals = { accepted: 0, deferred: 0, sealed: 0, closed: 0, proven: 0, onChain: 0, gas: 0n }
  const of = (index: bigint): Underway => {
    const known = batches.get(index) ?? { count: 0, deferred: 0, shards: [] }
    batches.set(index, known)
    return known
  }
  const listeners: { [Name in keyof ServiceEvents]?: (...event: ServiceEvents[Name]) => void } = {
    receipts({ accepted, deferred, sealed }) {
      totals.accepted += accepted
      totals.deferred += deferred
      totals.sealed += sealed
    },
    draw({ accepted, deferred }) {
      totals.accepted += accepted
      totals.deferred += deferred
      totals.sealed -= accepted + deferred
    },
    proof({ batch, state, proveMs, error }) {
      if (state === 'failed') view.line(`batch ${batch}: proof failed (${error})`)
      if (state !== 'done') return
      totals.proven++
      if (proveMs !== undefined) of(batch).proveMs = proveMs
    },
    gate({ cause, stopped }) {
      view.line(stopped ? `no receipts now: ${cause}` : `receipts again: ${cause} is over`)
    },
    batch({ index, state, count, deferred, shards, gasUsed, reason }) {
      const batch = of(index)
      if (count !== undefined) batch.count = count
      if (deferred !== undefined) batch.deferred = deferred
      if (shards !== undefined) batch.shards = shards
      if (state === 'closed') totals.closed++
      if (state === 'quarantined') view.line(`batch ${index}: quarantined (${reason})`)
      if (state !== 'accepted') return
      totals.onChain++
      totals.gas += gasUsed ?? 0n
      view.line(batchLine(index, batch, gasUsed))
      batches.delete(index)
    },
  }
  const redraw = (): void => view.status(statusLine(totals))
  // Object.keys loses the names that the map fixes.
  const names = Object.keys(listeners) as (keyof ServiceEvents)[]
  // A name and the listener of the same name: TypeScript does not follow that through a variable.
  const listenerOf = (name: keyof ServiceEvents): never => listeners[name] as never
  for (const name of names) bus.on(name, listenerOf(name)).on(name, redraw)
  return () => {
    for (const name of names) bus.off(name, listenerOf(name)).off(name, redraw)
    view.end()
  }
}

/** Such as `batch 3: 8 orders, 1 deferred; shards 2 3 1 1; proof 1.2 s; 289,123 gas`. */
function batchLine(index: bigint, { count, deferred, shards, proveMs }: Underway, gasUsed?: bigint): string {
  const parts = [
    `batch ${String(index).padEnd(3)} ${count} orders${deferred > 0 ? `, ${deferred} deferred` : ''}`,
    `shards ${shards.join(' ')}`,
    ...(proveMs === undefined ? [] : [`proof ${(proveMs / 1000).toFixed(1)} s`]),
    ...(gasUsed === undefined ? [] : [`${gasUsed.toLocaleString('en')} gas`]),
  ]
  return parts.join('; ')
}

function statusLine({ accepted, deferred, sealed, closed, proven, onChain, gas }: Totals): string {
  const mean = onChain === 0 ? 0n : gas / BigInt(onChain)
  const orders = `orders ${accepted} accepted, ${deferred} deferred${sealed > 0 ? `, ${sealed} sealed` : ''}`
  return `${orders} | batches ${closed} closed, ${proven} proven, ${onChain} on chain | ${mean.toLocaleString('en')} gas a batch`
}
