/**
 * Rewrites Poseidon so that a partial round costs `2·width − 1` products, not `width²`; it stays the same function.
 *
 * Constants: a partial round's power touches the first element alone, so what is added to the others can be added before it, round by round backwards.
 * Matrices: `M = S·D`, with `D = 1 ⊕ M̂` and S the unit matrix but for its first row and column. D leaves the first element as it is, so it changes places
 * with the power before it and joins the matrix of the round before.
 */
import { modField } from '../../src/base/field.ts'
import type { PermutationTable } from '../../src/base/poseidon/tables.ts'
import { apply, inverted, type Matrix, product, transpose } from './field-matrix.ts'
import { FULL_ROUNDS, type Parameters } from './grain.ts'

export function sparse({ constants, matrix }: Parameters, width: number): PermutationTable {
  const half = FULL_ROUNDS / 2
  const end = constants.length - half
  const round = (i: number): readonly bigint[] => constants[i] ?? []
  const inverseMatrix = inverted(matrix)

  // Backwards: `due` is what is to be added after a round's matrix.
  let due = round(end)
  const kept: bigint[] = []
  for (let i = end - 1; i >= half; i--) {
    const [first = 0n, ...rest] = apply(inverseMatrix, due)
    kept.unshift(first)
    due = round(i).map((value, at) => modField(value + (at === 0 ? 0n : (rest[at - 1] ?? 0n))))
  }

  const factors: { row: bigint[]; column: bigint[] }[] = []
  let whole: Matrix = matrix
  let dense: Matrix = matrix
  for (let i = half; i < end; i++) {
    const [top = [], ...below] = whole
    const inner = below.map((row) => row.slice(1))
    const row = [top[0] ?? 0n, ...apply(transpose(inverted(inner)), top.slice(1))]
    factors.unshift({ row, column: below.map(([first = 0n]) => first) })
    dense = [[1n, ...new Array<bigint>(width - 1).fill(0n)], ...inner.map((values) => [0n, ...values])]
    whole = product(dense, matrix)
  }

  return {
    width,
    initial: round(0),
    before: [round(1), round(2), round(3), apply(dense, due)],
    partial: factors.map((factor, i) => ({ constant: kept[i] ?? 0n, ...factor })),
    after: [round(end + 1), round(end + 2), round(end + 3)],
    matrix,
    last: whole,
  }
}
