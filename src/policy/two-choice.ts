import { FIELD_MODULUS } from '../base/field.ts'
import { poseidon } from '../base/poseidon.ts'
import type { PolicyKind } from './kind.ts'
import { cellOf, DRAW_BITS, type Table } from './table.ts'

const TOP_SHIFT = 224n // the field has 254 bits; the top 30 are compared
const FIELD_TOP = FIELD_MODULUS >> TOP_SHIFT

/**
 * The two draws of an order: the lowest 28 bits of `r`.
 * @param r a field element.
 * @returns two integers in `[0, 2^14)`, or `undefined` when the top 30 bits of r equal those of p (once in 2^30): the circuit could not tell r from r + p.
 */
export function drawsOf(r: bigint): readonly [bigint, bigint] | undefined {
  if (r >> TOP_SHIFT === FIELD_TOP) return undefined
  return [BigInt.asUintN(DRAW_BITS, r), BigInt.asUintN(DRAW_BITS, r >> BigInt(DRAW_BITS))]
}

/**
 * Of two candidates, the one that was less loaded when the batch opened; the first on a tie.
 * @param opening backlogs at the start of the batch, after its update, in ticks, by shard.
 */
export function lessLoaded(first: number, second: number, opening: readonly bigint[]): number {
  return (opening[second] ?? 0n) < (opening[first] ?? 0n) ? second : first
}

/**
 * Weighted two-choice: two draws from the commitment and the batch key alone, the less loaded candidate wins (protocol, sections 2 and 3).
 * @see circuits/lib/two-choice.circom, which proves this same integer rule.
 */
export const twoChoice: PolicyKind = {
  name: 'two-choice',
  select({ commitment, batchKey, opening }, table: Table) {
    const draws = drawsOf(poseidon([batchKey, commitment]))
    if (!draws) return undefined
    const first = cellOf(table, draws[0])
    const second = cellOf(table, draws[1])
    return first === undefined || second === undefined ? undefined : lessLoaded(first, second, opening)
  },
}
