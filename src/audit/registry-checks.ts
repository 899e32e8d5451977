import type { Hex32 } from '../base/keccak.ts'
import { type Check, equal, holds } from './check.ts'
import type { CodeOf } from './codes.ts'
import { brokenRule, publishedHash } from './policy-words.ts'
import type { EpochRecord, PolicyRecord, RegistryEvent, RegistryRecords } from './records.ts'
import { retuneFault } from './retune-band.ts'

type PolicyCheck = Check<CodeOf<'policy'>>

interface Queued {
  readonly policyHash: Hex32
  readonly eta: bigint
  fate: 'waiting' | 'cancelled' | 'activated'
}

/** What the registry's storage must be after each event. */
class Registry {
  readonly published = new Map<Hex32, PolicyRecord>()
  readonly queue: Queued[] = []
  active = 0n
  inForce: Hex32 | undefined
  lastRetune: bigint | undefined

  proposal(id: bigint): Queued | undefined {
    return id > 0n && id <= BigInt(this.queue.length) ? this.queue[Number(id) - 1] : undefined
  }
}

/** Replays the registry's events: each must be what its rules let happen at that time, and each epoch be announced under what was in force. */
export function* checkRegistry(records: RegistryRecords, epochs: readonly EpochRecord[]): Generator<PolicyCheck> {
  const registry = new Registry()
  for (const event of records.events) yield* replay(registry, records, event)
  const announced = records.events.filter(({ kind }) => kind === 'announced').length
  yield holds('policy-in-force', {}, announced >= epochs.length, `${epochs.length} announcements`, announced)
}

function* replay(registry: Registry, records: RegistryRecords, event: RegistryEvent): Generator<PolicyCheck> {
  const { time } = event
  if (event.kind === 'published') {
    const at = `policy ${event.policyHash}`
    yield equal('policy-published', { at }, publishedHash(event.policy), event.policyHash)
    const broken = brokenRule(event.policy)
    yield holds('policy-rules', { at }, broken === undefined, 'a policy that keeps the rules', broken ?? '')
    registry.published.set(event.policyHash, event.policy)
  } else if (event.kind === 'proposed') {
    const at = `proposal ${event.id}`
    yield equal('policy-timelock', { at: `number of ${at}` }, BigInt(registry.queue.length + 1), event.id)
    yield equal('policy-timelock', { at: `eta of ${at}` }, time + records.delay, event.eta)
    yield holds('policy-published', { at }, registry.published.has(event.policyHash), 'published before', 'unknown')
    registry.queue.push({ policyHash: event.policyHash, eta: event.eta, fate: 'waiting' })
  } else if (event.kind === 'activated') yield* activated(registry, records, event)
  else if (event.kind === 'cancelled') {
    const queued = registry.proposal(event.id)
    const waiting = queued?.fate === 'waiting'
    yield holds(
      'policy-timelock',
      { at: `proposal ${event.id}` },
      waiting,
      'waiting, then cancelled',
      `${queued?.fate}`,
    )
    if (queued) queued.fate = 'cancelled'
  } else if (event.kind === 'retuned') yield* retuned(registry, records, event)
  else if (event.kind === 'announced') {
    const { epoch, policyHash } = event
    yield equal('policy-in-force', { epoch }, registry.inForce ?? 'no policy in force', policyHash)
  }
}

function* activated(
  registry: Registry,
  { window }: RegistryRecords,
  { id, policyHash, time }: Extract<RegistryEvent, { kind: 'activated' }>,
): Generator<PolicyCheck> {
  const at = `proposal ${id}`
  const queued = registry.proposal(id)
  const ready = queued?.fate === 'waiting' && id > registry.active
  yield holds('policy-timelock', { at: `turn of ${at}` }, ready, 'waiting, after the active one', `${queued?.fate}`)
  if (queued) {
    yield equal('policy-timelock', { at: `policy of ${at}` }, queued.policyHash, policyHash)
    const inTime = time >= queued.eta && time < queued.eta + window
    const span = `from ${queued.eta}, for ${window} s`
    yield holds('policy-timelock', { at: `time of ${at}` }, inTime, span, time)
    queued.fate = 'activated'
  }
  registry.active = id
  registry.inForce = policyHash
}

function* retuned(
  registry: Registry,
  { retuneInterval }: RegistryRecords,
  { id, policyHash, time }: Extract<RegistryEvent, { kind: 'retuned' }>,
): Generator<PolicyCheck> {
  const at = `retune at ${time}`
  yield equal('policy-guard-rails', { at: `proposal of ${at}` }, registry.active, id)
  const earliest = registry.lastRetune === undefined ? 0n : registry.lastRetune + retuneInterval
  yield holds('policy-guard-rails', { at: `interval of ${at}` }, time >= earliest, `from ${earliest}`, time)
  const base = registry.published.get(registry.proposal(registry.active)?.policyHash ?? '')
  const current = registry.published.get(registry.inForce ?? '')
  const next = registry.published.get(policyHash)
  const known = base !== undefined && current !== undefined && next !== undefined
  yield holds('policy-published', { at }, known, 'published before', 'unknown')
  if (known) {
    const fault = retuneFault(base, current, next)
    yield holds('policy-guard-rails', { at }, fault === undefined, 'weights inside band and step', fault ?? '')
  }
  registry.lastRetune = time
  registry.inForce = policyHash
}
