/** Schemas of the values that every edge shares. On the wire, integers above 2^53 and field elements are decimal strings; inside they are `bigint`. */
import { getAddress, isAddress } from 'ethers'
import { z } from 'zod'
import { isFieldElement } from './field.ts'

const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, 'expected an unsigned decimal integer without leading zeros')

/** An unsigned integer below `2^bits`, from a decimal string. */
export const Uint = (bits: number) =>
  decimal.transform(BigInt).refine((value) => value >> BigInt(bits) === 0n, `expected an integer below 2^${bits}`)

/** A reduced BN254 scalar, from a decimal string. */
export const FieldElement = decimal
  .transform(BigInt)
  .refine(isFieldElement, 'expected a value below the BN254 scalar field')

/** 32 bytes in 0x-prefixed hex; kept as lower-case text. */
export const Bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'expected 32 bytes in 0x-prefixed hex')
  .transform((hex) => hex.toLowerCase())

/** An account; kept in checksum case. A wrong checksum is refused. */
export const Address = z
  .string()
  .refine(isAddress, 'expected an address')
  .transform((address) => getAddress(address))

/** A whole number that a JSON number holds exactly. */
export const Count = z.int().min(0)
