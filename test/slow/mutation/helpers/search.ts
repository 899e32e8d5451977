import { at } from '../../../../src/base/at.ts'
import { modField } from '../../../../src/base/field.ts'
import type { Forced, Forger } from './forger.ts'
import { freeWires, isHint, proposals } from './proposals.ts'
import { inverse, wiresOf } from './system.ts'

/**
 * What a forgery that breaks one constraint alone gains. `statement`: from honest inputs, another published V. `input`: inputs that no
 * honest witness takes, or takes otherwise. `inner`: a second witness of the same statement.
 */
export const EFFECTS = ['statement', 'input', 'inner'] as const
export type Effect = (typeof EFFECTS)[number]

/** A forgery that breaks one constraint and nothing else. */
export interface Found {
  readonly forced: Forced
  readonly effect: Effect
}

const ROUNDS = 4
const MOST_BROKEN = 3
/** Proposals for one constraint: at most so many, and so many more once one has succeeded. */
const TRIES = 300
const MORE_TRIES = 20

/** What the forgery gains, or `undefined` when it does not break exactly that one constraint. */
export function judge(forger: Forger, constraint: number, forced: Forced): Effect | undefined {
  const { broken, changed, values } = forger.forge(forced)
  if (broken.length !== 1 || broken[0] !== constraint) return undefined
  const { inputs, system } = forger.plan
  if (inputs.some((wire) => forced.has(wire) && values[wire] !== forger.honest[wire])) return 'input'
  return changed.some((wire) => wire <= system.publics) ? 'statement' : 'inner'
}

/**
 * Looks for a forgery that breaks `constraint` alone: values forced upon its wires, or upon wires beside it, and what breaks then repaired with
 * the freedom that its absence gives. @returns the best found, `statement` before `input` before `inner`.
 */
export function search(forger: Forger, constraint: number): Found | undefined {
  let best: Found | undefined
  let left = TRIES
  for (const proposal of proposals(forger, constraint)) {
    if (left-- === 0 || best?.effect === 'statement') break
    const forced = repair(forger, constraint, proposal, best !== undefined)
    const effect = forced && judge(forger, constraint, forced)
    if (!forced || !effect) continue
    left = Math.min(left, MORE_TRIES)
    if (best === undefined || EFFECTS.indexOf(effect) < EFFECTS.indexOf(best.effect)) best = { forced, effect }
  }
  return best
}

/**
 * Moves hints, and what the constraint defined, until other constraints hold again that the proposal breaks.
 * @param quick whether to look no further than the proposal.
 */
function repair(forger: Forger, constraint: number, proposal: Forced, quick: boolean): Forced | undefined {
  const forced = new Map(proposal)
  const own = freeWires(forger, constraint).filter((wire) => !proposal.has(wire))
  for (let round = 0; round < ROUNDS; round++) {
    const forgery = forge(forger, forced)
    const others = forgery.broken.filter((index) => index !== constraint)
    if (others.length === 0) return forgery.broken.length === 1 ? forced : undefined
    if (quick || others.length > MOST_BROKEN) return undefined
    if (!others.some((other) => mend(forger, other, own, forced, forgery.values))) return undefined
  }
  return undefined
}

/** Forces one more wire so that `broken` holds: a hint in it, or a wire of `own` that it depends on. @returns whether there is one. */
function mend(
  forger: Forger,
  broken: number,
  own: readonly number[],
  forced: Map<number, bigint>,
  values: readonly bigint[],
): boolean {
  const hints = [...wiresOf(at(forger.plan.system.constraints, broken))].filter((wire) => isHint(forger, wire))
  for (const wire of [...own.filter((wire) => touches(forger, broken, wire)), ...hints]) {
    const value = forced.has(wire) ? undefined : forger.solve(broken, wire, values)
    if (value === undefined || value === values[wire]) continue
    forced.set(wire, value)
    return true
  }
  // not in the constraint, but before it: most dependences are linear, so two points are enough
  const residual = forger.plan.system.residual(broken, values)
  for (const wire of own.slice(0, 3)) {
    if (forced.has(wire)) continue
    const old = values[wire] ?? 0n
    const moved = forge(forger, new Map([...forced, [wire, old + 1n]])).values
    const slope = modField(forger.plan.system.residual(broken, moved) - residual)
    if (slope === 0n) continue
    forced.set(wire, modField(old - residual * inverse(slope)))
    return true
  }
  return false
}

const forge = (forger: Forger, forced: Forced) => forger.forge(forced, dead(forger, forced) ? 'all' : 'live')

/** Whether a forced wire lies behind all checks, so that its own constraint depends on steps that are not live. */
const dead = ({ plan }: Forger, forced: Forced): boolean =>
  [...forced.keys()].some((wire) => {
    const step = plan.filledBy[wire]
    return step !== undefined && !plan.live[step]
  })

const touches = (forger: Forger, constraint: number, wire: number): boolean =>
  at(forger.plan.system.touching, wire).includes(constraint)
