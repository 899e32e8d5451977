/** Values as bundles and anchors spell them, in one spelling each. */
import { getAddress, isAddress } from 'ethers'
import { z } from 'zod'

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in lower-case hex`)

/** 32 bytes in 0x-prefixed lower-case hex. */
export const Hash = hex(32)
/** r, s and v of 27 or 28; libraries take other spellings of v for the same signature. */
export const Signature = z.string().regex(/^0x[0-9a-f]{128}1[bc]$/, 'expected r, s and v, 65 bytes in lower-case hex')
/** A 20-byte address, 0x-prefixed hex in checksum case (EIP-55). */
export const Account = z
  .string()
  .refine((text) => isAddress(text) && getAddress(text) === text, 'expected an address in checksum case')
/** 0 to 65,535, as a JSON number. */
export const Small = z
  .int()
  .min(0)
  .max(2 ** 16 - 1)
/** The registry takes 1 to 64. */
export const Shards = z.int().min(1).max(64)
/** Receipts number them in 16 bits. */
export const Slots = Small.min(1)
