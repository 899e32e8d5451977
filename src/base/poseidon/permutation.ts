import { FIELD_MODULUS } from '../field.ts'
import {
  copyElement,
  ELEMENT,
  limbsOf,
  limbsOfWords,
  montgomery,
  square,
  sumOfProducts,
  TO_MONTGOMERY,
  WORDS,
  wordsOfLimbs,
} from './products.ts'
import { type PermutationTable, tableOf, type Width } from './tables.ts'
import { address, assemble, type Code, call } from './wasm-module.ts'

/** Functions that every module has, by their place in it. */
const HELPERS = [limbsOfWords(), wordsOfLimbs(), copyElement(), square(), sumOfProducts(1), sumOfProducts(3)] as const
const [OPEN, CLOSE, COPY, SQUARE, PRODUCT, PRODUCTS] = [0, 1, 2, 3, 4, 5] as const
const PAGE = 65_536

/** Hands out memory, and remembers what is to lie there before the first call. */
class Layout {
  readonly elements: (readonly [at: number, value: bigint])[] = []
  #next = 0

  words(count: number): number {
    return this.#take(count * WORDS)
  }
  /** Elements in Montgomery form, one after the other. */
  values(values: readonly bigint[], room = values.length): number {
    const at = this.#take(room * ELEMENT)
    values.forEach((value, i) => {
      if (value !== 0n) this.elements.push([at + i * ELEMENT, value])
    })
    return at
  }
  get pages(): number {
    return Math.ceil(this.#next / PAGE)
  }
  #take(bytes: number): number {
    const at = this.#next
    this.#next += bytes
    return at
  }
}

/**
 * Makes the permutation of one width: `hash(values)` is its first output for a state of `values`, field elements, of which the first is the capacity.
 * Straight-line code: a call for each product or three.
 */
export async function buildPermutation(width: Width): Promise<(values: readonly bigint[]) => bigint> {
  const layout = new Layout()
  const words = layout.words(width)
  const code = permutationCode(tableOf(width), layout, words)
  const bytes = assemble([...HELPERS, { params: 0, locals: 0, code, name: 'hash' }], layout.pages)
  const memory = new WebAssembly.Memory({ initial: layout.pages })
  const view = new BigUint64Array(memory.buffer)
  for (const [at, value] of layout.elements) view.set(limbsOf(value), at / 8)
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
  const hash = instance.exports.hash as () => void // the one function that it exports
  return (values) => {
    let at = words / 8
    for (const value of values) {
      view[at++] = value // an array of 64 bits takes the lowest
      view[at++] = value >> 64n
      view[at++] = value >> 128n
      view[at++] = value >> 192n
    }
    hash()
    const [a = 0n, b = 0n, c = 0n, d = 0n] = view.subarray(words / 8, words / 8 + 4)
    const value = a | (b << 64n) | (c << 128n) | (d << 192n)
    return value >= FIELD_MODULUS ? value - FIELD_MODULUS : value
  }
}

/** The rounds, from words to words. */
function permutationCode(table: PermutationTable, layout: Layout, words: number): Code {
  const { width } = table
  // Sums are of three products each: rows and states end in zeros.
  const room = 3 * Math.ceil(width / 3)
  const zero = layout.values([], 1)
  const unit = layout.values([1n])
  const toMontgomery = layout.values([TO_MONTGOMERY])
  const [squared, fourth, first] = [layout.values([], 1), layout.values([], 1), layout.values([], 1)]
  let [state, next] = [layout.values([], room), layout.values([], room)]
  const put = (values: readonly bigint[]): number => layout.values(values.map(montgomery), room)
  const at = (base: number, i: number): number => base + i * ELEMENT
  const code: Code[] = []
  const run = (callee: number, ...args: readonly number[]): void => void code.push(call(callee, ...args.map(address)))

  const power = (x: number, constant: number): void => {
    run(SQUARE, x, squared)
    run(SQUARE, squared, fourth)
    run(PRODUCT, fourth, x, constant, x)
  }
  const dot = (row: number, constant: number, out: number): void => {
    for (let i = 0; i < room; i += 3) run(PRODUCTS, at(row, i), at(state, i), i === 0 ? constant : out, out)
  }
  const full = (rows: readonly number[], constants?: number): void => {
    for (let i = 0; i < width; i++) power(at(state, i), zero)
    for (const [i, row] of rows.entries()) dot(row, constants === undefined ? zero : at(constants, i), at(next, i))
    ;[state, next] = [next, state]
  }

  const initial = put(table.initial)
  for (let i = 0; i < width; i++) {
    run(OPEN, words + i * WORDS, first)
    run(PRODUCT, first, toMontgomery, at(initial, i), at(state, i))
  }
  const [matrix, last] = [table.matrix.map(put), table.last.map(put)]
  for (const [round, constants] of table.before.entries()) full(round === 3 ? last : matrix, put(constants))
  for (const { constant, row, column } of table.partial) {
    power(state, put([constant]))
    dot(put(row), zero, first)
    const columns = put(column)
    for (let i = 1; i < width; i++) run(PRODUCT, at(columns, i - 1), state, at(state, i), at(state, i))
    run(COPY, first, state)
  }
  for (const constants of table.after) full(matrix, put(constants))
  full(matrix)
  run(PRODUCT, state, unit, zero, first)
  run(CLOSE, first, words)
  return code.flat()
}
