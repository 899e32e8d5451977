import { z } from 'zod'
import type { BatchChange } from '../../service/api.ts'
import { BATCH_STATES } from '../../statement/batch-state.ts'
import type { Wire } from '../wire.ts'
import { ReceiptView } from './receipt.ts'
import { Count, Decimal, Micros } from './scalars.ts'
import { ProofJobView } from './service.ts'

const BatchChangeView = z
  .strictObject({
    epoch: Decimal,
    index: Decimal,
    state: z.enum(BATCH_STATES),
    time: Micros,
    count: Count,
    deferred: Count,
  })
  .meta({ id: 'BatchChange', description: 'A batch that entered a state, with its counts then.' }) satisfies z.ZodType<
  Wire<BatchChange>
>

const id = Decimal.meta({ description: 'The `id` line: send it as `Last-Event-ID` to go on after this event.' })

/** One frame of a stream, its lines as members and its `data` parsed. */
export const StreamFrame = z
  .discriminatedUnion('event', [
    z.strictObject({ id, event: z.literal('batch'), data: BatchChangeView }),
    z.strictObject({ id, event: z.literal('proof'), data: ProofJobView }),
    z.strictObject({
      id,
      event: z.literal('receipts'),
      data: z.strictObject({ receipts: z.array(ReceiptView) }),
    }),
    z.strictObject({
      id,
      event: z.literal('gap'),
      data: z
        .strictObject({ upTo: Decimal })
        .meta({ description: 'Events up to this id are not kept any more: read what you follow anew.' }),
    }),
  ])
  .meta({
    id: 'StreamEvent',
    description:
      'One event of a stream (WHATWG server-sent events): `id`, `event` and `data` lines, `data` as JSON in one line.',
  })
