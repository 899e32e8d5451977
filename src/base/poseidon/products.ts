/**
 * Montgomery products of BN254 scalars in WebAssembly: elements are nine limbs of 29 bits, one i64 each, and R = 2^261.
 *
 * Limbs leave room in 64 bits for a whole column of products, so that no carry is needed within one. Nothing is fully reduced on the way: for operands below R a
 * product is below `3·R·p/R + p`, far below R in all that Poseidon does, and only the end subtracts p.
 */
import { FIELD_MODULUS } from '../field.ts'
import {
  add,
  and,
  type Code,
  constant,
  type FunctionSource,
  get,
  load,
  multiply,
  or,
  set,
  shiftLeft,
  shiftRight,
  store,
} from './wasm-module.ts'

const LIMBS = 9
const BITS = 29
const MASK = (1n << BigInt(BITS)) - 1n
/** Bytes of an element in memory. */
export const ELEMENT = LIMBS * 8
/** Bytes of an element outside: four little-endian words. */
export const WORDS = 32

const R = 2n ** BigInt(LIMBS * BITS)
/** The Montgomery form of a field element, `value·R mod p`. */
export const montgomery = (value: bigint): bigint => (value * R) % FIELD_MODULUS
/** R² mod p: a product with it brings an element into Montgomery form. */
export const TO_MONTGOMERY = montgomery(R)

/** Limbs of 29 bits, the lowest first, of a value below R; what is above is lost. */
export const limbsOf = (value: bigint): bigint[] =>
  Array.from({ length: LIMBS }, (_, i) => (value >> BigInt(BITS * i)) & MASK)

const P = limbsOf(FIELD_MODULUS)
/** −p⁻¹ mod 2^29, by Newton's iteration. */
const NEGATED_INVERSE = ((): bigint => {
  let inverse = 1n
  for (let i = 0; i < 5; i++) inverse = (inverse * (2n - FIELD_MODULUS * inverse)) & MASK
  return -inverse & MASK
})()

const mask = (code: Code): Code => and(code, constant(MASK))
const sum = (terms: readonly Code[]): Code => terms.reduce((left, right) => add(left, right))
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/**
 * `out = c + Σ a[i]·b[i]/R` over some elements that lie one after the other (addresses a, b, c, out; out may be any of them).
 * @param count of products, at most 3: a column has `9·(count + 1)` of 58 bits, and must stay below 2^64.
 */
export function sumOfProducts(count: 1 | 3): FunctionSource {
  const [a, b, c, out] = [0, 1, 2, 3].map((param) => get(param)) as [Code, Code, Code, Code] // one for each parameter
  const first = 4
  const limbs = count * LIMBS
  const local = { a: first, b: first + limbs, m: first + 2 * limbs, column: first + 2 * limbs + LIMBS }
  const code: Code[] = range(limbs).flatMap((i) => [set(local.a + i, load(a, 8 * i)), set(local.b + i, load(b, 8 * i))])
  reduceColumns(local, out, code, (k) => {
    const pairs = range(LIMBS).filter((i) => i <= k && k - i < LIMBS)
    const products = pairs.flatMap((i) =>
      range(count).map((n) => multiply(get(local.a + LIMBS * n + i), get(local.b + LIMBS * n + k - i))),
    )
    return k < LIMBS ? products : [...products, load(c, 8 * (k - LIMBS))]
  })
  return { params: 4, locals: 2 * limbs + LIMBS + 1, code: code.flat() }
}

/** `out = a²/R` (addresses a, out). */
export function square(): FunctionSource {
  const [a, out] = [get(0), get(1)]
  const first = 2
  const local = { a: first, m: first + LIMBS, column: first + 2 * LIMBS }
  const code: Code[] = range(LIMBS).map((i) => set(local.a + i, load(a, 8 * i)))
  const limb = (i: number): Code => get(local.a + i)
  reduceColumns(local, out, code, (k) => {
    const pairs = range(LIMBS).filter((i) => i < k - i && k - i < LIMBS)
    const twice = pairs.map((i) => multiply(limb(i), limb(k - i)))
    const once = k % 2 === 0 && k / 2 < LIMBS ? [multiply(limb(k / 2), limb(k / 2))] : []
    return [...(twice.length > 0 ? [shiftLeft(sum(twice), constant(1n))] : []), ...once]
  })
  return { params: 2, locals: 2 * LIMBS + 1, code: code.flat() }
}

/** Goes through the columns of a product from the low end, and makes those of the lower half zero by multiples of p. @param terms what a column adds up. */
function reduceColumns(
  local: { readonly m: number; readonly column: number },
  out: Code,
  code: Code[],
  terms: (column: number) => readonly Code[],
): void {
  const column = get(local.column)
  for (let k = 0; k < 2 * LIMBS; k++) {
    const multiples = range(LIMBS).filter((i) => i < k && k - i < LIMBS)
    const reductions = multiples.map((i) => multiply(get(local.m + i), constant(P[k - i] ?? 0n)))
    const carry = k === 0 ? [] : [shiftRight(column, constant(BigInt(BITS)))]
    code.push(set(local.column, sum([...carry, ...terms(k), ...reductions])))
    if (k < LIMBS) {
      code.push(set(local.m + k, mask(multiply(column, constant(NEGATED_INVERSE)))))
      code.push(set(local.column, add(column, multiply(get(local.m + k), constant(P[0] ?? 0n)))))
    } else code.push(store(out, 8 * (k - LIMBS), mask(column)))
  }
}

/** Takes four words apart into limbs (addresses of words and element). */
export function limbsOfWords(): FunctionSource {
  const [words, out] = [get(0), get(1)]
  const code = range(LIMBS).flatMap((i) => {
    const [word, bit] = [Math.floor((BITS * i) / 64), (BITS * i) % 64]
    const low = shiftRight(load(words, 8 * word), constant(BigInt(bit)))
    const split = bit + BITS > 64 && word < 3
    const whole = split ? or(low, shiftLeft(load(words, 8 * word + 8), constant(BigInt(64 - bit)))) : low
    return store(out, 8 * i, mask(whole))
  })
  return { params: 2, locals: 0, code }
}

/** The inverse (addresses of element and words). */
export function wordsOfLimbs(): FunctionSource {
  const [limbs, out] = [get(0), get(1)]
  const code = range(4).flatMap((word) => {
    const parts = range(LIMBS).filter((i) => BITS * i < 64 * word + 64 && BITS * (i + 1) > 64 * word)
    const shifted = parts.map((i) => {
      const by = BITS * i - 64 * word
      const limb = load(limbs, 8 * i)
      return by < 0 ? shiftRight(limb, constant(BigInt(-by))) : shiftLeft(limb, constant(BigInt(by)))
    })
    return store(
      out,
      8 * word,
      shifted.reduce((left, right) => or(left, right)),
    )
  })
  return { params: 2, locals: 0, code }
}

/** Copies an element (addresses from and to). */
export function copyElement(): FunctionSource {
  return { params: 2, locals: 0, code: range(LIMBS).flatMap((i) => store(get(1), 8 * i, load(get(0), 8 * i))) }
}
