/** As much of a WebAssembly assembler as straight-line integer code takes. */

/** Bytes of instructions, as they stand in a function's body. */
export type Code = readonly number[]

const I32 = 0x7f
const I64 = 0x7e
const END = 0x0b
const MEMORY = { import: 'env', name: 'memory' } as const

/** A function of i32 parameters (addresses) and i64 locals, without a result. */
export interface FunctionSource {
  readonly params: number
  readonly locals: number
  readonly code: Code
  /** The name under which it is exported; none when it is for other functions alone. */
  readonly name?: string
}

/** Unsigned LEB128. */
const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))]

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const low = Number(BigInt.asUintN(7, value))
  const rest = value >> 7n
  const last = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)
  return last ? [low] : [low | 0x80, ...signed(rest)]
}

/** `i32.const`: a place in the memory, bytes. */
export const address = (value: number): Code => [0x41, ...signed(BigInt(value))]
/** `i64.const`: −2^63 to 2^63 − 1. */
export const constant = (value: bigint): Code => [0x42, ...signed(value)]
/** `local.get`; a function's parameters are its first locals, from 0. */
export const get = (local: number): Code => [0x20, ...unsigned(local)]
/** `local.set`, of an i64 local: parameters are i32. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)]
/** Calls a function by its place in the list that {@link assemble} gets. */
export const call = (callee: number, ...args: readonly Code[]): Code => [...args.flat(), 0x10, ...unsigned(callee)]
/** An i64 at an address and a byte offset, which must be a multiple of 8. */
export const load = (at: Code, offset: number): Code => [...at, 0x29, 3, ...unsigned(offset)]
/** Puts an i64 at an address and a byte offset, which must be a multiple of 8. */
export const store = (at: Code, offset: number, value: Code): Code => [...at, ...value, 0x37, 3, ...unsigned(offset)]

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode]
/** `i64.add`: modulo 2^64. */
export const add = binary(0x7c)
/** `i64.mul`: the lower 64 bits of the product. */
export const multiply = binary(0x7e)
/** `i64.and`, bit by bit. */
export const and = binary(0x83)
/** `i64.or`, bit by bit. */
export const or = binary(0x84)
/** `i64.shl`: by the right operand modulo 64; what leaves 64 bits is lost. */
export const shiftLeft = binary(0x86)
/** Of unsigned values. */
export const shiftRight = binary(0x88)

/** The module's bytes. Functions are called by their place in the list; the memory is imported as `env.memory`. */
export function assemble(functions: readonly FunctionSource[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params }) => [0x60, ...vector(Array.from({ length: params }, () => [I32])), 0])
  const memory = [...text(MEMORY.import), ...text(MEMORY.name), 2, 0, ...unsigned(pages)]
  const exported = functions.flatMap(({ name }, i) => (name === undefined ? [] : [[...text(name), 0, ...unsigned(i)]]))
  const bodies = functions.map(({ locals, code }) => sized([...vector([[...unsigned(locals), I64]]), ...code, END]))
  const sections: readonly (readonly [id: number, items: readonly Code[]])[] = [
    [1, types],
    [2, [memory]],
    [3, functions.map((_, i) => unsigned(i))],
    [7, exported],
    [10, bodies],
  ]
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  return Uint8Array.from([...header, ...sections.flatMap(([id, items]) => [id, ...sized(vector(items))])])
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes]
const text = (value: string): number[] => vector([...new TextEncoder().encode(value)].map((byte) => [byte]))
