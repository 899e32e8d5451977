import type { LedgerReader } from '../../src/chain/reader.ts'
import type { RegistryEvent } from '../../src/chain/records.ts'
import type { PendingPolicy, PolicyEvent, PolicyPage } from '../wire/views.ts'
import { publishedOf } from './epochs.ts'
import type { Handler } from './serve.ts'

/** The policy in force, what waits, and all that the registry ever told. */
export const policy: Handler<'policy'> = async (sources) => {
  const reader = await sources.reader()
  const [{ delay, retuneInterval, events }, pending, inForce] = await Promise.all([
    reader.registry(),
    pendingOf(reader),
    inForceOf(reader),
  ])
  return { inForce, pending, delay, retuneInterval, history: events.flatMap(eventOf).reverse() }
}

async function inForceOf(reader: LedgerReader): Promise<PolicyPage['inForce']> {
  const latest = await reader.latestEpoch()
  if (latest === 0n) return undefined
  const epoch = await reader.epoch(latest)
  const { policyHash, multipliers } = epoch
  return { policyHash, multipliers: multipliers.map(Number), policy: publishedOf(epoch.policy) }
}

async function pendingOf(reader: LedgerReader): Promise<PendingPolicy[]> {
  const proposals = await reader.proposals()
  const waiting = proposals.flatMap(({ status, ...proposal }, i) =>
    status === 'waiting' || status === 'ripe' ? [{ ...proposal, status, id: i + 1 }] : [],
  )
  return Promise.all(
    waiting.map(async (proposal) => ({ ...proposal, policy: publishedOf(await reader.policy(proposal.policyHash)) })),
  )
}

/** None for what changes no policy. */
function eventOf(event: RegistryEvent): PolicyEvent[] {
  if (event.kind === 'renewed' || event.kind === 'ended') return []
  return [
    {
      ...{ kind: event.kind, time: event.time },
      ...('id' in event && { id: event.id }),
      ...('epoch' in event && { epoch: event.epoch }),
      ...('policyHash' in event && { policyHash: event.policyHash }),
      ...('eta' in event && { eta: event.eta }),
    },
  ]
}
