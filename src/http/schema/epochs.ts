import { z } from 'zod'
import type { EpochEnding } from '../../service/api.ts'
import type { Wire } from '../wire.ts'
import { Decimal } from './scalars.ts'

/** What a change of epoch may say of the next one. */
export const EpochChangeBody = z.strictObject({
  mode: z.enum(['instant', 'sealed']).optional().meta({
    description: 'Of the next epoch; as the one that ends when left out.',
  }),
})

export const EpochEndingView = z
  .strictObject({
    epoch: Decimal,
    end: Decimal.meta({ description: 'First index that the epoch does not have: the next one begins there.' }),
    nextSealed: z.boolean().meta({ description: 'Whether the next epoch is in sealed mode.' }),
  })
  .meta({ id: 'EpochEnding', description: 'Where an epoch ends by its operator’s decision.' }) satisfies z.ZodType<
  Wire<EpochEnding>
>
