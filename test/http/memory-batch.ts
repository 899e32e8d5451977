/** What a service in memory keeps. */
import type { Order } from '../../src/order/order.ts'
import type { BatchRouter } from '../../src/route/route.ts'
import type { ShardState } from '../../src/route/state.ts'
import type { BatchChange, ProofJob, SignedReceipt } from '../../src/service/api.ts'
import type { BatchState } from '../../src/statement/batch-state.ts'
import type { Statement } from '../../src/statement/statement.ts'

/** An event without its id, and whose it is. */
export type Happened = (
  | { kind: 'batch'; batch: BatchChange }
  | { kind: 'proof'; job: ProofJob }
  | { kind: 'receipts'; receipts: SignedReceipt[] }
) & { keyId?: string }

export interface MemoryBatch {
  state: BatchState
  readonly index: bigint
  readonly router: BatchRouter
  readonly before: readonly ShardState[]
  readonly orders: Order[]
  readonly receipts: SignedReceipt[]
  /** Who sent the order of each receipt. */
  readonly senders: string[]
  statement?: Statement
}
