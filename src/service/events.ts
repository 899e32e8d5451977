import { EventEmitter } from 'node:events'
import type { BatchState } from '../statement/batch-state.ts'
import type { StopCause } from './gate.ts'

/** What happens in the service, for terminals, metrics and tests. Never holds a private field. */
export interface ServiceEvents {
  /** Receipts were given; what sealed ones come to is told with the draw. */
  receipts: [{ accepted: number; deferred: number; sealed: number; shards: readonly number[] }]
  /** A sealed batch was drawn. */
  draw: [{ batch: bigint; accepted: number; deferred: number; shards: readonly number[] }]
  batch: [BatchEvent]
  proof: [
    {
      batch: bigint
      state: 'running' | 'done' | 'failed' | 'cancelled'
      witnessMs?: number
      proveMs?: number
      error?: string
    },
  ]
  /** Receipts stop, or go on, for a cause. */
  gate: [{ cause: StopCause; stopped: boolean }]
  /** The epoch was abandoned by somebody: receipts at or past `end` are void. Or it is over: the service goes on in the next one when it is opened again. */
  epoch: [{ epoch: bigint; state: 'abandoned' | 'over'; end: bigint }]
  /** What a contract around the ledger asked for, and what was done. */
  duty: [DutyEvent]
  /** The chain's latest block. */
  block: [{ number: number }]
}

/** `number` is the forced order's in the inbox; `counter` in ticks. */
export type DutyEvent =
  | { readonly duty: 'forced-taken'; readonly number: bigint; readonly commitment: bigint }
  | { readonly duty: 'forced-discharged'; readonly number: bigint; readonly batch: bigint }
  | { readonly duty: 'report-shown'; readonly batch: bigint; readonly shard: number }
  | { readonly duty: 'report-taken'; readonly shard: number; readonly counter: bigint }
  | { readonly duty: 'overdue-noticed'; readonly batch: bigint }

/** A batch that entered a state; members that are not known by then are absent. */
export interface BatchEvent {
  readonly index: bigint
  readonly state: BatchState
  readonly count?: number
  readonly deferred?: number
  /** Orders assigned to each shard, once it is accepted. */
  readonly shards?: readonly number[]
  readonly transaction?: string
  readonly gasUsed?: bigint
  readonly reason?: string
}

/** The emitter behind {@link ServiceEvents}. */
export class ServiceBus extends EventEmitter<ServiceEvents> {}

/** Orders assigned to each shard. @param assignments bytes of V: 0 deferred, else shard + 1. */
export function shardCounts(assignments: Iterable<number>, shards: number): number[] {
  const counts = new Array<number>(shards).fill(0)
  for (const assignment of assignments) {
    if (assignment > 0) counts[assignment - 1] = (counts[assignment - 1] ?? 0) + 1
  }
  return counts
}
