import { FIELD_MODULUS as P } from '../../base/field.ts'
import { fromLittleEndian, toLittleEndian } from '../bytes.ts'
import { ELEMENT_BYTES } from '../r1cs.ts'

/** What a key needs of a coefficient. */
export interface Coefficient {
  /** The value, or value − p when that is smaller in size: products by −1 and by small constants are then cheap. */
  readonly signed: bigint
  /** `value·R² mod p` with R = 2^256, little endian: how a .zkey stores it. */
  readonly stored: Buffer
}

const R_SQUARED = 2n ** 512n % P

/** Coefficients by their bytes: a circuit has few distinct ones, so each is converted once. */
export class CoefficientTable {
  readonly #known = new Map<string, Coefficient>()

  /** @param bytes holds the coefficient, 32 bytes little endian, at `offset`. */
  at(bytes: Buffer, offset: number): Coefficient {
    const key = bytes.toString('latin1', offset, offset + ELEMENT_BYTES)
    let found = this.#known.get(key)
    if (!found) {
      found = convert(fromLittleEndian(bytes.subarray(offset, offset + ELEMENT_BYTES)))
      this.#known.set(key, found)
    }
    return found
  }
}

/** @param value any reduced field element. */
export function convert(value: bigint): Coefficient {
  return { signed: value > P / 2n ? value - P : value, stored: toLittleEndian((value * R_SQUARED) % P) }
}
