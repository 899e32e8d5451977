import type { Check } from '../../src/audit/check.ts'
import type { Hex32 } from '../../src/base/keccak.ts'

/** Where the chain has an order, with the way from its leaf to the batch's record. */
export interface OrderFound {
  readonly batch: bigint
  readonly slot: number
  /** From 0; `undefined`: deferred. */
  readonly shard: number | undefined
  readonly path: readonly Hex32[]
  readonly orderRoot: Hex32
  /** Whether leaf and path lead to the root, and the root opens the stored record. */
  readonly included: boolean
}

/** What a receipt comes to. */
export interface ReceiptVerdict {
  readonly checks: readonly Check[]
  readonly receipt?:
    | {
        readonly epoch: bigint
        readonly batch: bigint
        readonly slot: number
        readonly commitment: bigint
        readonly assignment: number
        readonly time: bigint
      }
    | undefined
  /** Whether its epoch was abandoned before its batch: then it is void, and nobody broke it. */
  readonly givenUp?: boolean | undefined
  /** The order in its batch, once that is accepted. */
  readonly found?: OrderFound | undefined
}
