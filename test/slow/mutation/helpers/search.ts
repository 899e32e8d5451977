import { at } from '../../../../src/base/at.ts'
import { modField } from '../../../../src/base/field.ts'
import type { Forced, Forger } from './forger.ts'
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
const DEPTH = 5
const MOST_BROKEN = 3
/** Proposals for one constraint: at most so many, and so many more once one has succeeded. */
const TRIES = 300
const MORE_TRIES = 6
const MOST_REACHED = 600
const HALF = inverse(2n)

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

function isHint({ plan }: Forger, wire: number): boolean {
  const step = plan.filledBy[wire]
  return step !== undefined && at(plan.steps, step).constraint === undefined
}

/** Wires of a constraint that a prover may set at will once it is gone: what it defined first, then hints and inputs. */
function freeWires(forger: Forger, constraint: number): number[] {
  const { plan } = forger
  const defines = (wire: number) => {
    const step = plan.filledBy[wire]
    return step !== undefined && at(plan.steps, step).constraint === constraint
  }
  const own = [...wiresOf(at(plan.system.constraints, constraint))]
  const free = own.filter((wire) => !defines(wire) && (isHint(forger, wire) || plan.inputs.includes(wire)))
  return [...own.filter(defines), ...free]
}

function* proposals(forger: Forger, constraint: number): Generator<Forced> {
  const { honest } = forger
  const own = freeWires(forger, constraint)
  for (const wire of own.slice(0, 12)) {
    for (const value of values(honest[wire] ?? 0n)) yield new Map([[wire, value]])
  }
  for (const wire of own.filter((candidate) => isHint(forger, candidate)).slice(0, 2)) yield* together(forger, wire)
  for (const wire of hintsAround(forger, constraint)) {
    const old = honest[wire] ?? 0n
    for (const value of old < 2n ? [1n - old, 2n] : [old + 1n, old - 1n, 0n]) yield new Map([[wire, modField(value)]])
  }
  const [first] = own
  const kept = first === undefined || isHint(forger, first) ? undefined : ([first, honest[first] ?? 0n] as const)
  for (const wire of inputsBefore(forger, constraint)) {
    for (const value of inputValues(honest[wire] ?? 0n)) {
      yield new Map([[wire, value]])
      // what the constraint defined stays as it was, though the input says otherwise
      if (kept !== undefined) yield new Map([[wire, value], kept])
    }
  }
}

/** A hint moved together with one that is chosen beside it, by amounts that may cancel in a sum; or by a fraction of what it is read from. */
function* together({ plan, honest }: Forger, wire: number): Generator<Forced> {
  const step = at(plan.steps, plan.filledBy[wire] ?? -1)
  if (step.constraint !== undefined) return
  const old = honest[wire] ?? 0n
  const beside = step.to.filter((other) => other !== wire)
  for (const other of beside.length > 3 ? [] : beside) {
    const there = honest[other] ?? 0n
    for (const move of [2n, -2n, HALF, -HALF]) {
      yield new Map([
        [wire, modField(old + move)],
        [other, 1n - there],
      ])
    }
  }
  for (const source of step.from.slice(0, 3)) yield new Map([[wire, modField(old - inverse(honest[source] ?? 0n))]])
}

/** Inputs that the constraint reads, directly or some steps before. */
function inputsBefore({ plan }: Forger, constraint: number): number[] {
  const reached = new Set(wiresOf(at(plan.system.constraints, constraint)))
  for (const wire of reached) {
    if (reached.size > MOST_REACHED) break
    const step = plan.filledBy[wire]
    if (step !== undefined) for (const source of at(plan.steps, step).from) reached.add(source)
  }
  return plan.inputs.filter((wire) => reached.has(wire))
}

/** Hints that are chosen together with the constraint's wires, a few steps before them or a few steps behind; of many bits only some. */
function hintsAround({ plan, honest }: Forger, constraint: number): number[] {
  const own = [...wiresOf(at(plan.system.constraints, constraint))]
  const found = new Set<number>()
  const seen = new Set<number>()
  const visit = (step: number | undefined, depth: number, back: boolean): void => {
    if (step === undefined || seen.has(step) || depth > DEPTH) return
    seen.add(step)
    const { constraint: solved, from, ...rest } = at(plan.steps, step)
    const filled = solved === undefined && 'to' in rest ? rest.to : 'wire' in rest ? [rest.wire] : []
    if (solved === undefined) for (const wire of some(filled)) found.add(wire)
    if (back) for (const wire of from.slice(0, 6)) visit(plan.filledBy[wire], depth + 1, true)
    else for (const wire of some(filled)) for (const reader of at(plan.readBy, wire)) visit(reader, depth + 1, false)
  }
  for (const wire of own.slice(0, 12)) visit(plan.filledBy[wire], 0, true)
  seen.clear()
  for (const wire of own.slice(0, 12)) for (const reader of at(plan.readBy, wire)) visit(reader, 1, false)
  return [...found].filter((wire) => honest[wire] !== undefined).slice(0, 60)
}

/** The last places, where what decides stands, and the first. */
function some(wires: readonly number[]): number[] {
  const last = wires.length - 1
  const places = new Set([last, last - 1, 0, 1, 2, last >> 1, last >> 2])
  return wires.length <= 12 ? [...wires] : wires.filter((_, i) => places.has(i))
}

const values = (old: bigint): bigint[] =>
  [old + 1n, old - 1n, 1n - old, 0n, 1n, 2n, 5n, old + (1n << 14n), old + (1n << 40n), HALF, -old]
    .map(modField)
    .filter((value, i, all) => value !== old && all.indexOf(value) === i)

/** Past the width of each kind of input, and its neighbours. */
const inputValues = (old: bigint): bigint[] =>
  [
    old + 1n,
    old - 1n,
    2n,
    old - (1n << 240n),
    ...[30n, 32n, 40n, 64n, 138n, 241n].map((width) => old + (1n << width)),
  ].map(modField)
