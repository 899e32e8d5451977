/**
 * Whether dust and self-settlement pay: what a shard that fills 40 % of its orders, where fifteen others fill 80 %, gains over 128 epochs by faking its standing, in
 * per cent of what it earns when it fakes nothing. Expected values: runs do not differ. `npm run simulate:reputation` is the same.
 */

import { type BenchContext, type Row, row } from './report.ts'
import { MARKET, play, STRATEGIES } from './reputation-model.ts'

/** Surplus in force, in parts of feeMin. */
const SURPLUSES = [0, 0.5, 1, 2, 4]
/** What a filled order earns besides, in parts of feeMin, with the evidence asked for. */
const OTHERS = [
  [0, 1],
  [1, 1],
  [1, 2],
  [4, 5],
] as const

export default async function reputation({ say }: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const [other, evidence] of OTHERS) {
    for (const surplus of SURPLUSES) {
      const market = { ...MARKET, evidence, other: other * MARKET.feeMin, surplus: surplus * MARKET.feeMin }
      const honest = play(market, 'honest')
      for (const strategy of STRATEGIES) {
        const { income, weak, others } = play(market, strategy)
        const name = `${strategy}, surplus ${surplus}, other ${other}, evidence ${evidence}`
        rows.push(row(name, 'gain', '% of honest income', [(100 * (income - honest.income)) / honest.income]))
        rows.push(row(name, 'multiplier at the end', 'of 256', [Number(weak)]))
        rows.push(row(name, "least of the others' multipliers", 'of 256', [Number(others)]))
      }
      say(`surplus ${surplus} × feeMin, other income ${other} × feeMin, evidence ${evidence}`)
    }
  }
  return rows
}
