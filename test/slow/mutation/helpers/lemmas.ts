import { withoutPlaces } from './names.ts'
import { parentOf } from './plan.ts'
import type { Target } from './target.ts'
import type { Lemma } from './uniqueness.ts'

/** What a lemma leans on: without all of these groups it does not hold. */
interface Statement {
  readonly name: string
  /** The signal that tells the component, and the place of an array, if it is one a lemma. */
  readonly sign: RegExp
  readonly needs: (local: string) => RegExp
  readonly gives: (local: string) => RegExp
  readonly premises: readonly string[]
  /** What its callers owe it: all groups of one of these lists. */
  readonly callers?: readonly (readonly string[])[]
}

const ranged = (name: string): string[] => [`${name}. out[*] boolean`, `${name}. check in, out[*]`]

/** Each is argued at the head of its template in circuits/lib. */
const STATEMENTS: readonly Statement[] = [
  {
    // two remainders in range and a quotient that is an integer: there is one such division
    name: 'ScaledTable: a division has one quotient',
    sign: /^divisor$/,
    needs: () => /^(divisor|weight\[\d+\])$/,
    gives: () => /^bound\[\d+\]$/,
    premises: [...ranged('Num2Bits[*]'), ...ranged('Num2Bits~2[*]'), ...ranged('Num2Bits~3[*]'), ' remainder[*] ='],
  },
  {
    name: 'Headroom: a division has one quotient',
    sign: /^quarter\[0\]$/,
    needs: () => /^(load|limit)$/,
    gives: () => /^quarter\[\d\]$/,
    premises: [...ranged('Num2Bits'), ...ranged('Num2Bits~2'), ' remainder =', ' quarter[*] boolean'],
  },
  {
    // the draw lies in one cell of a rising table; low and middle part agree as integers, so the rank does too
    name: 'HoldingCell: one cell holds a draw',
    sign: /^found$/,
    needs: () => /^(draw|cell\[\d+\])$/,
    gives: () => /^(bits\[\d+\]|below|above|rank)$/,
    premises: [...ranged('Num2Bits'), ...ranged('Num2Bits~2'), ' bits[*] boolean', ' check above, below, draw'],
    // a small integer as rank: TwoChoice by its comparison, RoundRobin by equality with 0
    callers: [
      [...ranged('choice[*].Num2Bits'), ...ranged('choice[*].LessThan.n2b')],
      ['choice[*].candidate. check rank'],
    ],
  },
  {
    // the draw before is below 2^14, the step too: only one of the two passes gives 14 bits
    name: 'CounterDraws: a step passes 2^14 or not',
    sign: /^passes\[[1-9]\d*\]$/,
    needs: (local) => new RegExp(`^draw\\[${place(local) - 1}\\]$`),
    gives: (local) => new RegExp(`^passes\\[${place(local)}\\]$`),
    premises: [...ranged('Num2Bits~3[*]'), ' passes[*] boolean', ' draw[*] ='],
  },
]

/**
 * What a prover chooses freely by design; all else must follow. `active`: how many of its orders it sends (count is published). `rung`, `bits` of Ranks: which numbers stand for
 * the order of the backlogs; only comparisons of them are read. `weighted`: which booleans make the top of a draw; only their sum is read.
 */
export const CHOICES =
  /^(orders\.active\[\d+\]|Ranks\.(rung\[\d+\]|bits\[\d+\]\[\d+\])|choice\[\d+\]\.split\.weighted\[\d+\])$/

/** Hints that are free where their operand is 0, and that nothing else reads. */
export const FREE_INVERSES = /(^|\.)inv(erse)?$/

/** The lemmas of a circuit, one for each component that has all that it leans on. */
export function lemmasOf({ plan: { system }, groups }: Target): Lemma[] {
  const byParent = new Map<string, Map<string, number>>()
  for (const [name, wire] of system.wireOf) {
    const parent = parentOf(name)
    byParent.set(parent, (byParent.get(parent) ?? new Map()).set(name.slice(parent.length), wire))
  }
  const lemmas: Lemma[] = []
  for (const [parent, locals] of byParent) {
    const pick = (pattern: RegExp) => [...locals].filter(([local]) => pattern.test(local)).map(([, wire]) => wire)
    for (const { name, sign, needs, gives, premises, callers } of STATEMENTS) {
      const holds =
        premises.every((premise) => groups.has(`${withoutPlaces(parent)}${premise}`)) &&
        (callers === undefined || callers.some((list) => list.every((group) => groups.has(group))))
      for (const local of locals.keys()) {
        if (holds && sign.test(local)) lemmas.push({ name, needs: pick(needs(local)), gives: pick(gives(local)) })
      }
    }
  }
  return lemmas
}

const place = (local: string): number => Number(/\[(\d+)\]$/.exec(local)?.[1])
