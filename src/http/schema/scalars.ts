/** Values as they are on the wire, with what the documentation says of them. */
import { z } from 'zod'
import { FieldElement, Uint } from '../../base/schema.ts'

const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/)

/** Units stand at each use. */
export const Decimal = decimal.meta({
  id: 'Decimal',
  description: 'An unsigned integer in decimal digits: a string, as JSON numbers end at 2^53.',
  example: '1515053700000000',
})

export const FieldDecimal = decimal.meta({
  id: 'FieldElement',
  description: 'A BN254 scalar in decimal digits, below the modulus.',
  example: '7853200120776062878684798364095072458815029376092732009249414926327459813530',
})

export const Hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ id: 'Hash', description: '32 bytes in 0x-prefixed lower-case hex.' })

export const Account = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .meta({ id: 'Address', description: 'An Ethereum address.' })

export const Signature = z
  .string()
  .regex(/^0x[0-9a-f]{130}$/)
  .meta({ id: 'Signature', description: 'r, s and v: 65 bytes in 0x-prefixed hex.' })

export const Micros = decimal.meta({
  id: 'Micros',
  description: 'Microseconds since the Unix epoch, in decimal digits.',
  example: '1515053700000000',
})

/** How many. */
export const Count = z.int().min(0)

/** A batch index of a request. The protocol has 64 bits; the store's integers are signed, and no ledger gets that far. */
export const BatchIndex = Uint(63).meta({
  description: "A batch's index, in decimal digits; below 2^63.",
  example: '3',
  maxLength: 19,
})

/** A commitment of a request. */
export const Commitment = FieldElement.meta({
  description: "The order's commitment, in decimal digits.",
  example: '7853200120776062878684798364095072458815029376092732009249414926327459813530',
})
