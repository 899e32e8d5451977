import { ShapeError } from '../base/error.ts'
import { commitmentOf, type Order, SEGMENTS, SIDES } from '../order/order.ts'
import { batchKeyOf, keyCommitmentOf } from '../policy/keys.ts'
import { feeWord, type Policy, shardPolicyWord } from '../policy/policy.ts'
import { BatchRouter } from '../route/route.ts'
import { type BatchStart, startBatch } from '../route/start.ts'
import { type ShardState, stateHash, stateWord } from '../route/state.ts'
import type { Binding } from '../statement/binding.ts'
import type { Shape, Statement } from '../statement/statement.ts'

/** Inputs of a circuit by signal name. */
export type CircuitInputs = Readonly<Record<string, bigint | readonly bigint[]>>

/** All that a batch is made of: what is published and what is not. Times are µs, served work ticks. */
export interface BatchWitness {
  readonly policy: Policy
  /** The operator key, a secret field element. */
  readonly key: bigint
  readonly seed: bigint
  readonly batchIndex: bigint
  readonly orderCounter: bigint
  readonly time: bigint
  readonly elapsed: bigint
  readonly served: readonly bigint[]
  readonly before: readonly ShardState[]
  readonly blindBefore: bigint
  readonly blindAfter: bigint
  readonly orders: readonly Order[]
}

/** What routing a batch gives. */
export interface RoutedBatch {
  readonly statement: Statement
  readonly after: readonly ShardState[]
}

/** What a batch publishes of what its orders came to. */
export interface BatchOutcome {
  readonly start: BatchStart
  readonly commitments: readonly bigint[]
  /** Assignment bytes. */
  readonly assignments: readonly number[]
  readonly stateBefore: bigint
  readonly stateAfter: bigint
}

/** Routes a whole batch and states the outcome: the same integers that the circuit proves. */
export function routeBatch(witness: BatchWitness): RoutedBatch {
  const { policy, key, seed, orderCounter, before, served, orders } = witness
  const start = startBatch(policy, before, served)
  const router = new BatchRouter(policy, start, { batchKey: batchKeyOf(key, seed), orderCounter })
  const commitments = orders.map(commitmentOf)
  const assignments = orders.map((order, slot) => router.assign(order, commitments[slot]))
  const stateBefore = stateHash(witness.blindBefore, before)
  const stateAfter = stateHash(witness.blindAfter, router.states)
  const outcome = { start, commitments, assignments, stateBefore, stateAfter }
  return { after: router.states, statement: statementOf(keyCommitmentOf(key), witness, outcome) }
}

/** The statement of a batch that was routed. */
export function statementOf(
  keyCommit: bigint,
  facts: Pick<BatchWitness, 'policy' | 'seed' | 'batchIndex' | 'orderCounter' | 'time' | 'elapsed' | 'served'>,
  { start, ...outcome }: BatchOutcome,
): Statement {
  const { policy, seed, batchIndex, orderCounter, time, elapsed, served } = facts
  return {
    keyCommit,
    seed,
    batchIndex,
    orderCounter,
    time,
    elapsed,
    feeWord: feeWord(policy),
    fees: start.states.map(({ fee }) => fee),
    open: start.states.map(({ open }) => open),
    served,
    policyWords: policy.shards.map(shardPolicyWord),
    ...outcome,
  }
}

/**
 * The circuit's inputs for a batch and its binding (signal names: protocol, section 9). Empty slots are all zeros.
 * @throws ShapeError SHAPE_MISMATCH when there are more orders than slots.
 */
export function circuitInputs({ slots }: Shape, witness: BatchWitness, binding: Binding): CircuitInputs {
  const { orders, policy } = witness
  if (orders.length > slots) throw new ShapeError('SHAPE_MISMATCH', `${orders.length} orders do not fit ${slots} slots`)
  const bySlot = (value: (order: Order) => bigint): bigint[] =>
    Array.from({ length: slots }, (_, slot) => {
      const order = orders[slot]
      return order ? value(order) : 0n
    })
  return {
    ...binding,
    key: witness.key,
    seed: witness.seed,
    batchIndex: witness.batchIndex,
    orderCounter: witness.orderCounter,
    time: witness.time,
    elapsed: witness.elapsed,
    blindBefore: witness.blindBefore,
    blindAfter: witness.blindAfter,
    feeWord: feeWord(policy),
    stateWords: witness.before.map(stateWord),
    policyWords: policy.shards.map(shardPolicyWord),
    served: witness.served,
    size: bySlot(({ size }) => BigInt(size)),
    side: bySlot(({ side }) => BigInt(SIDES.indexOf(side))),
    segment: bySlot(({ segment }) => BigInt(SEGMENTS.indexOf(segment))),
    details: bySlot(({ details }) => details),
  }
}
