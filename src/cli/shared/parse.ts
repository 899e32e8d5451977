/** Parsers of option values: each gives a usable value or commander's one-line complaint. */
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { Address, Uint } from '../../base/schema.ts'
import { Lots, SEGMENTS, SIDES } from '../../order/order.ts'
import { SCOPE_NAMES, Scope } from '../../service/scopes.ts'
import { RULES, type RuleName } from '../../simulate/rules.ts'

/** A parser from a schema over text. @param expected what the complaint asks for. */
function parser<T>(schema: z.ZodType<T>, expected: string): (text: string) => T {
  return (text) => {
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data
    throw new InvalidArgumentError(`Expected ${expected}.`)
  }
}

const digits = z
  .string()
  .regex(/^[0-9]{1,15}$/)
  .transform(Number)
/** Whole numbers from 1. */
export const positive = parser(
  digits.refine((n) => n > 0),
  'a whole number from 1',
)
/** Whole lots, 1 to 2^32 − 1. */
export const lots = parser(digits.pipe(Lots), 'whole lots, 1 to 4294967295')
/** 0 takes any free port. */
export const port = parser(
  digits.refine((n) => n < 65_536),
  'a port, 0 to 65535',
)
/** Proxies in a row. */
export const hops = parser(
  digits.refine((n) => n <= 16),
  'a whole number, 0 to 16',
)
/** A block, by its number; up to 15 digits. */
export const blockNumber = parser(digits, 'a block number')
/** One of {@link SIDES}. */
export const side = parser(z.enum(SIDES), 'buy or sell')
/** One of {@link SEGMENTS}. */
export const segment = parser(z.enum(SEGMENTS), 'retail or institutional')
/** An address in one case of letters, or with a checksum that holds; checksummed afterwards. */
export const address = parser(Address, 'an address')
/** One more address of a list. */
export const addresses = (text: string, before: readonly string[] = []): string[] => [...before, address(text)]
/** Of http or https, without the slashes at its end. */
export const url = parser(
  z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, '')),
  'an http or https URL',
)
/** Times faster than it happened. */
export const speed = parser(
  z
    .string()
    .regex(/^[0-9]{1,6}(\.[0-9]{1,6})?$/)
    .transform(Number)
    .refine((n) => n > 0),
  'a positive number',
)
/** A moment in UTC: ms since the Unix epoch, or ISO 8601 such as 2018-01-04T08:15:00Z. */
export const moment = parser(
  z.union([
    z
      .string()
      .regex(/^[0-9]{12,14}$/)
      .transform(Number),
    z.iso.datetime().transform((text) => Date.parse(text)),
  ]),
  'ms since the Unix epoch, or a UTC time such as 2018-01-04T08:15:00Z',
)
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const Duration = z.union([
  z.literal('0').transform(() => 0),
  z
    .string()
    .regex(/^[1-9][0-9]{0,5}[smhd]$/)
    .transform((text) => Number(text.slice(0, -1)) * UNIT_MS[text.slice(-1) as keyof typeof UNIT_MS]), // by the pattern
])
/** ms of a length of time. */
export const duration = parser(Duration, 'a length of time such as 30m, 24h or 90d, or 0')
/** ms since the Unix epoch of a time to come. */
export const endOfLife = parser(
  z.union([
    Duration.refine((ms) => ms > 0).transform((ms) => Date.now() + ms),
    z.iso.datetime().transform((text) => Date.parse(text)),
  ]),
  'a length of time such as 90d, or a UTC time such as 2030-01-04T00:00:00Z',
)
/** Scopes, one a time that the option is given. */
export const scope = (text: string, before: Scope[] = []): Scope[] => [...before, oneScope(text)]
const oneScope = parser(Scope, `one of ${SCOPE_NAMES.join(', ')}`)
const Origin = z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text)
/** Origins, one a time that the option is given. */
export const origin = (text: string, before: string[] = []): string[] => [...before, oneOrigin(text)]
const oneOrigin = parser(Origin, 'an origin such as https://explorer.example')
/** What the router cannot read: a field element in decimal digits or 32 bytes in hex, as the HTTP API takes it. */
export const details = parser(
  z.union([z.string().regex(/^0x[0-9a-fA-F]{64}$/), Uint(254).transform(String)]),
  '32 bytes in 0x-prefixed hex, or decimal digits',
)
/** Whole numbers from 0. */
export const count = parser(digits, 'a whole number')
/** A batch's index. */
export const batchIndex = parser(Uint(64), "a batch's index")
/** Two indices, the first not above the last: `100-199`. */
export const batchRange = parser(
  z
    .string()
    .transform((text) => text.split('-'))
    .pipe(z.tuple([Uint(64), Uint(64)]))
    .refine(([first, last]) => first <= last),
  'a range of batches such as 100-199',
)
/** A part of a whole, 0 to 1. */
export const share = parser(
  z
    .string()
    .regex(/^(0|1|0?\.[0-9]{1,9}|1\.0+)$/)
    .transform(Number),
  'a share from 0 to 1',
)
/** Rules to pick a shard by, one a time that the option is given. */
export const rules = (text: string, before: RuleName[] = []): RuleName[] => [...before, oneRule(text)]
const oneRule = parser(z.enum(RULES), `one of ${RULES.join(', ')}`)
/** A shard of the largest policy, from 0. */
export const shardNumber = parser(
  digits.refine((n) => n < 64),
  'a shard, 0 to 63',
)
