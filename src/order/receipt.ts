import { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import { FieldElement, Uint } from '../base/schema.ts'
import { MessageType } from './domain.ts'
import { SEALED_ASSIGNMENT } from './sealed-assignment.ts'

/** What the router promises about one order (protocol, section 6). `time` is the order's admission, µs since the Unix epoch. */
export const Receipt = z.strictObject({
  epoch: Uint(64),
  batch: Uint(64),
  slot: z
    .int()
    .min(0)
    .max(2 ** 16 - 1),
  commitment: FieldElement,
  /** 0 deferred, shard + 1 accepted, 255 sealed. */
  assignment: z.int().min(0).max(255),
  time: Uint(64),
})
export type Receipt = z.infer<typeof Receipt>

const TYPE = new MessageType('Receipt', [
  ['epoch', 64],
  ['batch', 64],
  ['slot', 16],
  ['commitment', 256],
  ['assignment', 8],
  ['time', 64],
])

/** The EIP-712 digest that the epoch's signer signs, deterministically (RFC 6979): a pure function of the receipt. */
export const receiptDigest = (separator: Hex32, receipt: Receipt): Hex32 =>
  TYPE.digest(separator, { ...receipt, slot: BigInt(receipt.slot), assignment: BigInt(receipt.assignment) })

/** What an accepted batch says, as far as a receipt can contradict it. */
export interface AcceptedBatch {
  readonly epoch: bigint
  readonly index: bigint
  /** µs since the Unix epoch. */
  readonly time: bigint
  readonly commitments: readonly bigint[]
  readonly assignments: readonly number[]
}

/** How the accepted batch contradicts the receipt (section 6), or `undefined` when it keeps it. */
export function contradiction(receipt: Receipt, batch: AcceptedBatch): string | undefined {
  if (receipt.epoch !== batch.epoch) return 'epoch'
  if (receipt.slot >= batch.commitments.length) return 'slot'
  if (receipt.commitment !== batch.commitments[receipt.slot]) return 'commitment'
  if (receipt.assignment !== SEALED_ASSIGNMENT && receipt.assignment !== batch.assignments[receipt.slot])
    return 'assignment'
  return receipt.time < batch.time ? 'time' : undefined
}
