import { at } from '../../../../src/base/at.ts'
import { modField } from '../../../../src/base/field.ts'
import type { Plan } from './plan.ts'
import { inverse, total, wiresOf } from './system.ts'

/** Values forced upon wires. */
export type Forced = ReadonlyMap<number, bigint>

/** A witness that follows from an honest one and forced values. */
export interface Forgery {
  readonly values: readonly bigint[]
  /** Wires whose value differs from the honest one. */
  readonly changed: readonly number[]
  /** Constraints that do not hold. */
  readonly broken: readonly number[]
}

/** Bends one honest witness: forces values upon some wires and computes all others anew as an honest prover would. */
export class Forger {
  readonly plan: Plan
  readonly honest: readonly bigint[]

  constructor(plan: Plan, honest: readonly bigint[]) {
    this.plan = plan
    this.honest = honest
  }

  /** @param only `live` leaves out what cannot break anything, such as the digest: quicker, but `values` are not a whole witness. */
  forge(forced: Forced, only: 'live' | 'all' = 'all'): Forgery {
    const { system, steps, filledBy, readBy, live, checks } = this.plan
    const values = [...this.honest]
    const changed = new Set<number>()
    const stale = new Uint8Array(steps.length)
    let first = steps.length
    const set = (wire: number, value: bigint): void => {
      if (values[wire] === value) return
      values[wire] = value
      changed.add(wire)
      for (const step of at(readBy, wire)) {
        stale[step] = 1
        if (step < first) first = step
      }
    }
    for (const [wire, value] of forced) set(wire, modField(value))
    for (let s = first; s < steps.length; s++) {
      if (!stale[s] || (only === 'live' && !live[s])) continue
      const step = at(steps, s)
      if (step.constraint !== undefined) {
        if (forced.has(step.wire)) continue
        const residual = system.residual(step.constraint, values)
        if (residual !== 0n) set(step.wire, modField((values[step.wire] as bigint) + residual * inverseOf(step.factor)))
      } else {
        const chosen = step.choose(step.from.map((wire) => values[wire] as bigint))
        step.to.forEach((wire, i) => {
          if (!forced.has(wire)) set(wire, at(chosen, i))
        })
      }
    }
    const suspects = new Set<number>() // what a step solved holds
    for (const wire of changed) for (const index of at(system.touching, wire)) if (checks[index]) suspects.add(index)
    for (const wire of forced.keys()) {
      const step = filledBy[wire]
      const solved = step === undefined ? undefined : at(steps, step).constraint
      if (solved !== undefined) suspects.add(solved)
    }
    return {
      values,
      changed: [...changed].filter((wire) => values[wire] !== this.honest[wire]),
      broken: [...suspects].filter((index) => system.residual(index, values) !== 0n),
    }
  }

  /** The value of `wire` that makes a constraint hold, all others as they are; `undefined` when none or any does. */
  solve(constraint: number, wire: number, values: readonly bigint[]): bigint | undefined {
    const { a, b, c } = at(this.plan.system.constraints, constraint)
    if (!wiresOf({ a, b, c }).has(wire)) return undefined
    const [inA, inB] = [a.wires.includes(wire), b.wires.includes(wire)]
    if (inA && inB) return undefined
    const without = [...values]
    without[wire] = 0n
    const factor = (sum: typeof a) => sum.factors[sum.wires.indexOf(wire)] ?? 0n
    const slope = modField((inA ? factor(a) * total(b, without) : inB ? factor(b) * total(a, without) : 0n) - factor(c))
    if (slope === 0n) return undefined
    return modField(-this.plan.system.residual(constraint, without) * inverse(slope))
  }
}

const inverses = new Map<bigint, bigint>()
function inverseOf(factor: bigint): bigint {
  if (factor === 1n || factor === -1n) return factor
  const known = inverses.get(factor) ?? inverse(factor)
  inverses.set(factor, known)
  return known
}
