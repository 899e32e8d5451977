import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ServiceBus } from './events.ts'
import { STOP_CAUSES } from './gate.ts'
import type { UnderWay } from './pressure.ts'

/** What the gauges are read from when they are scraped. */
export interface MetricSources {
  readonly bus: ServiceBus
  readonly underWay: () => UnderWay
  /** Orders that wait for a slot. */
  readonly waiting: () => number
}

/** Prometheus metrics of one service, fed by its events. Labels are a closed set; no order, key or account is one. */
export function serviceMetrics({ bus, underWay, waiting }: MetricSources): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const receipts = new Counter({
    name: 'fairlead_receipts_total',
    help: 'Receipts given',
    labelNames: ['outcome'],
    registers,
  })
  const draws = new Counter({
    name: 'fairlead_draws_total',
    help: 'Orders of sealed batches that were drawn',
    labelNames: ['outcome'],
    registers,
  })
  const batches = new Counter({
    name: 'fairlead_batches_total',
    help: 'Batches that entered a state',
    labelNames: ['state'],
    registers,
  })
  const proofs = new Counter({
    name: 'fairlead_proofs_total',
    help: 'Attempts at a proof that ended',
    labelNames: ['outcome'],
    registers,
  })
  const buckets = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]
  const witness = new Histogram({
    name: 'fairlead_witness_seconds',
    help: 'Time to compute a witness',
    buckets,
    registers,
  })
  const prove = new Histogram({ name: 'fairlead_prove_seconds', help: 'Time to prove a witness', buckets, registers })
  const gas = new Histogram({
    name: 'fairlead_batch_gas',
    help: 'Gas of an accepted batch',
    buckets: [2e5, 2.5e5, 3e5, 3.5e5, 4e5, 5e5, 7e5, 1e6],
    registers,
  })
  const block = new Gauge({ name: 'fairlead_chain_block', help: 'Latest block seen', registers })
  const stopped = new Gauge({
    name: 'fairlead_receipts_stopped',
    help: '1 while receipts stop for the cause',
    labelNames: ['cause'],
    registers,
  })
  for (const cause of STOP_CAUSES) stopped.set({ cause }, 0)
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('fairlead_orders_waiting', 'Orders that wait for a slot', waiting)
  gauge('fairlead_batches_unproven', 'Closed batches without a proof', () => underWay().unproven)
  gauge('fairlead_batches_unaccepted', 'Batches that the chain has not accepted', () => underWay().unaccepted)
  gauge('fairlead_batches_quarantined', 'Batches that wait for a person', () => underWay().quarantined)

  bus.on('receipts', ({ accepted, deferred, sealed }) => {
    receipts.inc({ outcome: 'accepted' }, accepted)
    receipts.inc({ outcome: 'deferred' }, deferred)
    receipts.inc({ outcome: 'sealed' }, sealed)
  })
  bus.on('draw', ({ accepted, deferred }) => {
    draws.inc({ outcome: 'accepted' }, accepted)
    draws.inc({ outcome: 'deferred' }, deferred)
  })
  bus.on('batch', ({ state, gasUsed }) => {
    batches.inc({ state })
    if (gasUsed !== undefined) gas.observe(Number(gasUsed))
  })
  bus.on('proof', ({ state, witnessMs, proveMs }) => {
    if (state !== 'running') proofs.inc({ outcome: state })
    if (witnessMs !== undefined) witness.observe(witnessMs / 1000)
    if (proveMs !== undefined) prove.observe(proveMs / 1000)
  })
  bus.on('block', ({ number }) => block.set(number))
  bus.on('gate', ({ cause, stopped: on }) => stopped.set({ cause }, on ? 1 : 0))
  return registry
}
