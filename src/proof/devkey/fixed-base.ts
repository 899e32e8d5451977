import { ArtifactError } from '../error.ts'

/** Which of the curve's groups; the prefix of its functions in the WASM module. */
export type GroupName = 'g1m' | 'g2m'

/** Bytes of an affine point: two coordinates of 32 bytes, each a pair in G2; Montgomery form, little endian; all zeros at infinity. */
export const POINT_BYTES = { g1m: 64, g2m: 128 } as const

/** Scalars that are worked on together, sharing one inversion. */
export const CHUNK = 1024

const PAGE = 65536

/** Pages that the module itself takes: constants and the stack of its temporaries. */
const MODULE_PAGES = 25

/** ffjavascript's BN254 module, and the groups' generators as affine points. Workers cannot import snarkjs (its web-worker shim takes over their port). */
export interface CurveModule {
  readonly module: WebAssembly.Module
  readonly generators: Readonly<Record<GroupName, Uint8Array>>
}

/**
 * Multiplies a group's generator by many scalars, with a table of all multiples of each window of `bits` bits. The result does not
 * depend on the window. One thread; not safe to use concurrently.
 */
export class FixedBase {
  readonly #exports: WebAssembly.Exports
  readonly #memory: Uint8Array
  readonly #group: GroupName
  readonly #bits: number
  readonly #table: number
  readonly #sums: number
  readonly #affine: number

  /** @param bits 2 to 16. */
  constructor(curve: CurveModule, group: GroupName, bits: number) {
    const memory = new WebAssembly.Memory({ initial: MODULE_PAGES })
    this.#exports = new WebAssembly.Instance(curve.module, { env: { memory } }).exports
    this.#group = group
    this.#bits = bits
    const point = POINT_BYTES[group]
    const perWindow = 2 ** bits
    const most = Math.max(perWindow, CHUNK)
    this.#table = MODULE_PAGES * PAGE
    this.#sums = this.#table + Math.ceil(254 / bits) * perWindow * point
    this.#affine = this.#sums + most * point * 1.5
    const scratch = this.#affine + most * point
    // The module allocates its temporaries upwards from the pointer in word 0; batchToAffine takes less than a point for each input.
    memory.grow(Math.ceil((scratch + most * point) / PAGE) + 2 - MODULE_PAGES)
    new Uint32Array(memory.buffer)[0] = scratch
    this.#memory = new Uint8Array(memory.buffer)
    this.#buildTable(curve.generators[group])
  }

  /**
   * @param scalars 32 little-endian bytes each, reduced mod p.
   * @param first index of the first scalar; `count` at most {@link CHUNK}.
   * @param out receives the affine points at the same indices.
   */
  multiply(scalars: Uint8Array, first: number, count: number, out: Uint8Array): void {
    const point = POINT_BYTES[this.#group]
    const add = this.#call('addMixed')
    const zero = this.#call('zero')
    const bits = this.#bits
    const windows = Math.ceil(254 / bits)
    const windowBytes = 2 ** bits * point
    for (let i = 0; i < count; i++) {
      const sum = this.#sums + i * point * 1.5
      zero(sum)
      for (let window = 0, base = this.#table; window < windows; window++, base += windowBytes) {
        const digit = digitAt(scalars, (first + i) * 32, window * bits, bits)
        if (digit !== 0) add(sum, base + digit * point, sum)
      }
    }
    this.#call('batchToAffine')(this.#sums, count, this.#affine)
    out.set(this.#memory.subarray(this.#affine, this.#affine + count * point), first * point)
  }

  /** Entry d of window w is d·2^(w·bits)·G; entry 0 is never read. */
  #buildTable(generator: Uint8Array): void {
    const point = POINT_BYTES[this.#group]
    const add = this.#call('addMixed')
    const perWindow = 2 ** this.#bits
    this.#memory.set(generator, this.#table + point)
    for (let base = this.#table; base < this.#sums; base += perWindow * point) {
      const jacobian = (digit: number) => this.#sums + digit * point * 1.5
      this.#call('zero')(jacobian(0))
      for (let digit = 1; digit < perWindow; digit++) add(jacobian(digit - 1), base + point, jacobian(digit))
      const last = jacobian(perWindow - 1)
      const next = base + perWindow * point
      this.#call('batchToAffine')(this.#sums, perWindow, this.#affine)
      this.#memory.copyWithin(base, this.#affine, this.#affine + perWindow * point)
      if (next >= this.#sums) continue
      add(last, base + point, last)
      this.#call('toAffine')(last, next + point)
    }
  }

  #call(name: string): (...pointers: number[]) => void {
    const found = this.#exports[`${this.#group}_${name}`]
    if (typeof found !== 'function')
      throw new ArtifactError('KEY_WORKER_FAILED', `no ${this.#group}_${name} in the curve's module`)
    // An exported WASM function that takes pointers alone.
    return found as (...pointers: number[]) => void
  }
}

/** The window, in bits, that makes table and products together cheapest for `count` scalars in one thread. */
export function bestWindow(count: number): number {
  const cost = (bits: number) => Math.ceil(254 / bits) * (1.5 * 2 ** bits + count)
  let best = 2
  for (let bits = 3; bits <= 16; bits++) if (cost(bits) < cost(best)) best = bits
  return best
}

/** `bits` bits (at most 16) of a little-endian number, from bit `from`; zeros behind its 32 bytes. */
function digitAt(bytes: Uint8Array, offset: number, from: number, bits: number): number {
  const at = from >> 3
  const byte = (index: number) => (index < 32 ? (bytes[offset + index] ?? 0) : 0)
  const word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16)
  return (word >> (from & 7)) & (2 ** bits - 1)
}
