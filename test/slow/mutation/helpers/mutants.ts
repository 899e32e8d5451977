import { at } from '../../../../src/base/at.ts'
import { BASE_NAMES } from './bases.ts'
import { decodeForced, encodeForced, type StoredForgery } from './forgeries.ts'
import { EFFECTS, type Effect, judge, search } from './search.ts'
import type { Target } from './target.ts'

/** A constraint taken out alone: its group and its place in it. */
export interface Mutant {
  readonly group: string
  readonly place: number
}

/** What a circuit's mutants came to. */
export interface Tally {
  groups: number
  mutants: number
  killed: Record<Effect, number>
  /** Listed survivors that are alive indeed. */
  survivors: number
  /** Why the suite fails: mutants neither killed nor listed, groups that vanished, survivors that are none. */
  problems: string[]
}

/**
 * The mutants of a circuit: of each group the first, the middle and the last constraint, each alone.
 * @param seen groups that another circuit has shown already; the templates are the same.
 */
export function mutantsOf(target: Target, seen: ReadonlySet<string> = new Set()): Mutant[] {
  return [...target.groups]
    .filter(([group]) => !seen.has(group))
    .flatMap(([group, { length }]) => [...new Set([0, length >> 1, length - 1])].map((place) => ({ group, place })))
}

/** @returns what the stored forgery gains, or `undefined` when it does not break its constraint alone. */
export function replay(target: Target, group: string, stored: StoredForgery): Effect | undefined {
  const constraint = target.groups.get(group)?.[stored.at]
  if (constraint === undefined) return undefined
  const forger = target.forger(stored.base)
  return judge(forger, constraint, decodeForced(forger, stored.forced))
}

/** The best forgery that some base gives. */
export function find(target: Target, { group, place }: Mutant): StoredForgery | undefined {
  const constraint = at(target.groups.get(group) ?? [], place)
  let best: StoredForgery | undefined
  for (const base of BASE_NAMES) {
    const forger = target.forger(base)
    const found = search(forger, constraint)
    if (!found || (best && EFFECTS.indexOf(best.effect) <= EFFECTS.indexOf(found.effect))) continue
    best = { at: place, base, effect: found.effect, forced: encodeForced(forger, found.forced) }
    if (best.effect === 'statement') break
  }
  return best
}

/**
 * Replays the stored forgeries of a circuit.
 * @param survivors by group, why its mutants change nothing that matters; each is searched again, so that the list does not rot.
 */
export function tally(
  target: Target,
  stored: Readonly<Record<string, readonly StoredForgery[]>>,
  survivors: Readonly<Record<string, string>>,
  seen: ReadonlySet<string> = new Set(),
): Tally {
  const mutants = mutantsOf(target, seen)
  const groups = new Set(mutants.map(({ group }) => group))
  const result: Tally = {
    groups: groups.size,
    mutants: mutants.length,
    killed: { statement: 0, input: 0, inner: 0 },
    survivors: 0,
    problems: [],
  }
  for (const { group, place } of mutants) {
    const forgery = stored[group]?.find((candidate) => candidate.at === place)
    const effect = forgery && replay(target, group, forgery)
    const listed = survivors[group] !== undefined
    if (effect) {
      result.killed[effect]++
      if (effect !== forgery.effect)
        result.problems.push(`${group} [${place}]: gains ${effect}, stored as ${forgery.effect}`)
    } else if (!listed) result.problems.push(`${group} [${place}]: no forgery breaks it alone`)
    else if (find(target, { group, place })) result.problems.push(`${group} [${place}]: listed as survivor, but killed`)
    else result.survivors++
  }
  for (const group of Object.keys(stored)) {
    if (!groups.has(group)) result.problems.push(`${group}: stored, but the circuit has no such constraints`)
  }
  return result
}
