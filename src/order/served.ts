import { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import { Uint } from '../base/schema.ts'
import { MessageType } from './domain.ts'

/** What a shard says of its finished work (protocol, section 5): ticks since the epoch's start, at a time in µs since the Unix epoch. */
export const ServedReport = z.strictObject({
  epoch: Uint(64),
  shard: z.int().min(0).max(63),
  counter: Uint(64),
  time: Uint(64),
})
export type ServedReport = z.infer<typeof ServedReport>

const TYPE = new MessageType('Served', [
  ['epoch', 64],
  ['shard', 8],
  ['counter', 64],
  ['time', 64],
])

/** The EIP-712 digest that the shard's report signer signs. */
export const servedDigest = (separator: Hex32, report: ServedReport): Hex32 =>
  TYPE.digest(separator, { ...report, shard: BigInt(report.shard) })
