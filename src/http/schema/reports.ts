import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import { Count, Decimal } from './scalars.ts'

const bounded = (bits: number, description: string, example: string, digits: number) =>
  Uint(bits).meta({ description, example, maxLength: digits })

/** A shard's report as it is signed (EIP-712 `Served`). */
export const ReportBody = z
  .strictObject({
    epoch: bounded(63, 'The running epoch, in decimal digits.', '1', 19),
    shard: z.int().min(0).max(63),
    counter: bounded(
      64,
      'Ticks of work that the shard has finished since the epoch’s start, in decimal digits.',
      '250000',
      20,
    ),
    time: bounded(63, 'Microseconds since the Unix epoch, in decimal digits.', '1515053700000000', 19),
    signature: z
      .string()
      .regex(/^0x([0-9a-f]{128}|[0-9a-f]{130})$/, 'expected 64 or 65 bytes in 0x-prefixed lower-case hex')
      .meta({ description: 'Of the shard’s report signer: 65 bytes, or 64 (EIP-2098).' }),
  })
  .meta({ id: 'Report' })

/** What `POST /v1/reports` answers; `applied` stays behind `counter` until a batch applies the report. */
export const ReportStanding = z
  .strictObject({
    shard: Count,
    counter: Decimal.meta({ description: 'What the report says, ticks.' }),
    applied: Decimal.meta({ description: 'What batches have applied so far, ticks.' }),
  })
  .meta({ id: 'ReportStanding' })
