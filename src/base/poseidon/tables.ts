import { TABLES } from './constants.ts'

/** The round constants and matrices of one width, with the partial rounds' matrices in sparse form (scripts/poseidon/sparse.ts). All are field elements. */
export interface PermutationTable {
  /** Elements of the state. */
  readonly width: number
  /** Added to the state before the first round. */
  readonly initial: readonly bigint[]
  /** Added after the matrix in each of the first four full rounds, and in the last four but one. */
  readonly before: readonly (readonly bigint[])[]
  readonly after: readonly (readonly bigint[])[]
  /** Each partial round adds `constant` to the first element after its fifth power; then `row · state` becomes the first, and each other one gets its `column` times the old first. */
  readonly partial: readonly {
    readonly constant: bigint
    readonly row: readonly bigint[]
    readonly column: readonly bigint[]
  }[]
  /** Of the full rounds, by rows; `last` is that of the fourth, which passes into the partial ones. */
  readonly matrix: readonly (readonly bigint[])[]
  readonly last: readonly (readonly bigint[])[]
}

/** Widths of which there are tables: states of one, two and sixteen inputs. */
export type Width = keyof typeof TABLES

/** Reads a table out of its text. */
export function tableOf(width: Width): PermutationTable {
  const { partialRounds, text } = TABLES[width]
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  let at = 0
  const one = (): bigint => {
    let value = 0n
    for (let word = 0; word < 4; word++, at += 8) value = (value << 64n) | view.getBigUint64(at)
    return value
  }
  const some = <T>(count: number, each: () => T): T[] => Array.from({ length: count }, each)
  const row = (): bigint[] => some(width, one)
  return {
    width,
    initial: row(),
    before: some(4, row),
    partial: some(partialRounds, () => ({ constant: one(), row: row(), column: some(width - 1, one) })),
    after: some(3, row),
    matrix: some(width, row),
    last: some(width, row),
  }
}
