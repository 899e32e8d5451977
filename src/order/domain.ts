import { getBytes, id, keccak256, recoverAddress, type TypedDataDomain, TypedDataEncoder } from 'ethers'
import { assertUint } from '../base/field.ts'
import { type Hex32, keccakBytes, keccakWords } from '../base/keccak.ts'

/** Where a signature counts: one ledger on one chain, for the ledger's whole life. */
export interface SigningDomain {
  readonly chainId: bigint
  /** The ledger's address. */
  readonly ledger: string
}

/** The EIP-712 domain of section 9, for libraries and wallets. */
export const typedDomain = ({ chainId, ledger }: SigningDomain): TypedDataDomain => ({
  name: 'Fairlead',
  version: '1',
  chainId,
  verifyingContract: ledger,
})

/** A message type of unsigned integers and 32-byte values, hashed without ethers' encoder, which is some tenfold slower. */
export class MessageType<Field extends string> {
  readonly #typeHash: bigint
  readonly #fields: readonly (readonly [Field, number])[]

  /** @param fields names in order, each with its width in bits; 32-byte values are `bytes32` and of width 256. */
  constructor(name: string, fields: readonly (readonly [Field, number, 'bytes32'?])[]) {
    this.#fields = fields.map(([field, bits]) => [field, bits])
    const members = fields.map(([field, bits, as]) => `${as ?? `uint${bits}`} ${field}`)
    this.#typeHash = BigInt(id(`${name}(${members.join(',')})`))
  }

  /**
   * The EIP-712 digest to sign.
   * @param separator the domain's separator from {@link domainSeparator}.
   * @throws OutOfRangeError OUT_OF_RANGE for a value wider than its type.
   */
  digest(separator: Hex32, message: Readonly<Record<Field, bigint>>): Hex32 {
    const values = this.#fields.map(([field, bits]) => assertUint(message[field], bits, field))
    const preimage = new Uint8Array(66)
    preimage.set([0x19, 0x01])
    preimage.set(getBytes(separator), 2)
    preimage.set(getBytes(keccakWords([this.#typeHash, ...values])), 34)
    return keccakBytes(preimage)
  }
}

/** The domain's separator, made once for each ledger. */
export const domainSeparator = (domain: SigningDomain): Hex32 => TypedDataEncoder.hashDomain(typedDomain(domain))

/** r, s and a v of 27 or 28, or r and vs (EIP-2098). Libraries read other values of v too, which would give one signature many spellings. */
const SIGNATURE = /^0x(?:[0-9a-f]{128}1[bc]|[0-9a-f]{128})$/i

/** The account that made a signature of 65 bytes, or 64 (EIP-2098); `undefined` when it is malformed or its s is in the upper half (EIP-2). */
export function signerOf(digest: Hex32, signature: string): string | undefined {
  if (!SIGNATURE.test(signature)) return undefined
  try {
    return recoverAddress(digest, signature)
  } catch {
    return undefined
  }
}

/** Keccak-256 of UTF-8 text, for ids such as a market's. */
export const textHash = (text: string): Hex32 => keccak256(new TextEncoder().encode(text))
