import { FIELD_MODULUS } from '../base/field.ts'
import { BinFile } from './binfile.ts'
import { BASE_MODULUS, type G1Point, type G2Point } from './bn254.ts'
import { fromLittleEndian } from './bytes.ts'
import type { VerifyingKey } from './vkey.ts'

/** What a Groth16 proving key says of itself. */
export interface ZkeySummary {
  readonly wires: number
  readonly publics: number
  /** Size of the evaluation domain, a power of two. */
  readonly domain: number
  /** The verification key inside; its points are not checked here. */
  readonly key: VerifyingKey
}

/** 1 / 2^256 mod q: coordinates are stored times 2^256. */
const FROM_MONTGOMERY = power(2n ** 256n % BASE_MODULUS, BASE_MODULUS - 2n)

/** Bytes of the header section: two moduli with their lengths, three counts, three points of G1 and three of G2. */
const HEADER_BYTES = 2 * 36 + 3 * 4 + 3 * 64 + 3 * 128

/**
 * Reads the header and the verification key out of a .zkey, without its other sections, which come in any order.
 * @throws ArtifactError ZKEY_INVALID when the file is not a Groth16 key over BN254, or is cut short.
 */
export async function readZkey(path: string): Promise<ZkeySummary> {
  const file = await BinFile.open(path, 'zkey', 'ZKEY_INVALID')
  try {
    if ((await file.read(1, 4)).readUInt32LE(0) !== 1) throw file.error('not a Groth16 key')
    const header = await file.read(2, HEADER_BYTES)
    if (integer(header, 4) !== BASE_MODULUS || integer(header, 40) !== FIELD_MODULUS) throw file.error('not over BN254')
    const publics = header.readUInt32LE(76)
    const points = await file.read(3, 64 * (publics + 1))
    const ic = Array.from({ length: publics + 1 }, (_, i) => g1(points, 64 * i))
    // Order: alpha1, beta1, beta2, gamma2, delta1, delta2.
    const key = { alpha: g1(header, 84), beta: g2(header, 212), gamma: g2(header, 340), delta: g2(header, 532), ic }
    return { wires: header.readUInt32LE(72), publics, domain: header.readUInt32LE(80), key }
  } finally {
    await file.close()
  }
}

const g1 = (bytes: Buffer, at: number): G1Point => [coordinate(bytes, at), coordinate(bytes, at + 32)]

const g2 = (bytes: Buffer, at: number): G2Point => [g1(bytes, at), g1(bytes, at + 64)]

const coordinate = (bytes: Buffer, at: number): bigint => (integer(bytes, at) * FROM_MONTGOMERY) % BASE_MODULUS

const integer = (bytes: Buffer, at: number): bigint => fromLittleEndian(bytes.subarray(at, at + 32))

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % BASE_MODULUS
    square = (square * square) % BASE_MODULUS
  }
  return result
}
