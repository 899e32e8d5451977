import { FIELD_MODULUS, modField } from '../../src/base/field.ts'
import { inverse } from '../../src/proof/devkey/arithmetic.ts'

/** By rows. */
export type Matrix = readonly (readonly bigint[])[]

export const apply = (matrix: Matrix, vector: readonly bigint[]): bigint[] =>
  matrix.map((row) => modField(row.reduce((sum, value, i) => sum + value * (vector[i] ?? 0n), 0n)))

export const transpose = (matrix: Matrix): bigint[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0n))

export function product(left: Matrix, right: Matrix): bigint[][] {
  const columns = transpose(right)
  return left.map((row) => apply(columns, row))
}

/** By Gauss and Jordan. @throws Error for a singular matrix. */
export function inverted(matrix: Matrix): bigint[][] {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))])
  for (let i = 0; i < size; i++) {
    const pivot = rows.findIndex((row, at) => at >= i && row[i] !== 0n)
    const found = rows[pivot]
    const here = rows[i]
    if (!found || !here) throw new Error('the matrix is singular')
    ;[rows[i], rows[pivot]] = [found, here]
    const scale = inverse(found[i] ?? 0n)
    const unit = found.map((value) => (value * scale) % FIELD_MODULUS)
    rows.forEach((row, at) => {
      const times = row[i] ?? 0n
      rows[at] = at === i ? unit : times === 0n ? row : row.map((value, j) => modField(value - times * (unit[j] ?? 0n)))
    })
  }
  return rows.map((row) => row.slice(size))
}
