import { z } from 'zod'
import type { SignedReceipt } from '../../service/api.ts'
import type { Wire } from '../wire.ts'
import { Decimal, FieldDecimal, Micros, Signature } from './scalars.ts'

/** The promise about one order, as it is signed (EIP-712 `Receipt`). */
export const ReceiptView = z
  .strictObject({
    epoch: Decimal,
    batch: Decimal,
    slot: z.int().min(0).max(65_535),
    commitment: FieldDecimal,
    assignment: z.int().min(0).max(255).meta({ description: '0 deferred, else shard + 1; 255 sealed.' }),
    time: Micros,
    signature: Signature,
  })
  .meta({
    id: 'Receipt',
    description:
      "The router's promise about one order, signed by the epoch's signer (EIP-712 `Receipt`). `time` is the order's admission. An accepted batch that contradicts it is evidence against the router.",
  }) satisfies z.ZodType<Wire<SignedReceipt>>
