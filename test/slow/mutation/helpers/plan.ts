import { at } from '../../../../src/base/at.ts'
import { type Hint, hintsOf, type Locals } from './hints.ts'
import { type System, wiresOf } from './system.ts'

/** One step of computing a witness: a constraint solved for the wire that it defines, or a hint chosen. */
export type Step =
  | { readonly constraint: number; readonly wire: number; readonly factor: bigint; readonly from: readonly number[] }
  | (Hint & { readonly constraint?: undefined })

/** How a whole witness follows from the inputs, step by step. Constraints that no step solves only check. */
export interface Plan {
  readonly system: System
  readonly inputs: readonly number[]
  readonly steps: readonly Step[]
  /** For each wire the step that fills it, and the steps that read it; the inputs are filled by none. */
  readonly filledBy: readonly (number | undefined)[]
  readonly readBy: readonly (readonly number[])[]
  /** 1 for each constraint that no step solves. */
  readonly checks: Uint8Array
  /** 1 for each step that some check depends on; what the others fill, such as the digest, cannot break anything. */
  readonly live: Uint8Array
}

/** Signals that an equality only compares, as they have a definition of their own; any other equality with one new signal defines it. */
const CHECKS: readonly RegExp[] = [/\.standing\[\d+\]\.out$/, /fees\.open\.field\[2\]$/, /candidate\.rank$/]

/**
 * Finds an order in which inputs determine all wires.
 * @param inputs names of the inputs that a prover starts from.
 * @throws Error when some wire follows from no constraint and no hint.
 */
export function plan(system: System, inputs: readonly string[]): Plan {
  const { constraints, touching, wires } = system
  const hints = components(system).flatMap(hintsOf)
  const known = new Uint8Array(wires)
  known[0] = 1
  const steps: Step[] = []
  const filledBy: (number | undefined)[] = Array.from({ length: wires })
  const readBy: number[][] = Array.from({ length: wires }, () => [])
  const hinted = new Uint8Array(wires)
  for (const { to } of hints) for (const wire of to) hinted[wire] = 1

  const open = constraints.map((constraint) => wiresOf(constraint).size)
  const pending = hints.map(({ from }) => new Set(from).size)
  const waiting: number[][] = Array.from({ length: wires }, () => [])
  hints.forEach(({ from }, h) => {
    for (const wire of new Set(from)) waiting[wire]?.push(h)
  })
  const ready: number[] = []
  const learn = (wire: number): void => {
    if (known[wire]) return
    known[wire] = 1
    ready.push(wire)
  }
  const add = (step: Step, to: readonly number[]): void => {
    for (const wire of step.from) readBy[wire]?.push(steps.length)
    for (const wire of to) filledBy[wire] = steps.length
    steps.push(step)
    to.forEach(learn)
  }
  const solve = (index: number): void => {
    if (open[index] !== 1) return
    const constraint = at(constraints, index)
    const all = [...wiresOf(constraint)]
    const wire = all.find((candidate) => !known[candidate])
    if (wire === undefined || hinted[wire]) return
    const position = constraint.c.wires.indexOf(wire)
    if (position < 0 || constraint.a.wires.includes(wire) || constraint.b.wires.includes(wire)) return
    if (all.length <= 2 && constraint.a.wires.length === 0 && isCheck(system, wire, all)) return
    add({ constraint: index, wire, factor: at(constraint.c.factors, position), from: all.filter((w) => w !== wire) }, [
      wire,
    ])
  }
  const choose = (h: number): void => {
    if (pending[h] === 0) add(at(hints, h), at(hints, h).to)
  }

  for (const name of inputs) for (const wire of signalWires(system, name)) learn(wire)
  const inputWires = [...ready]
  for (const i of constraints.keys()) solve(i)
  for (let next = 0; next < ready.length; next++) {
    const wire = at(ready, next)
    for (const index of at(touching, wire)) {
      open[index] = at(open, index) - 1
      solve(index)
    }
    for (const h of at(waiting, wire)) {
      pending[h] = at(pending, h) - 1
      choose(h)
    }
  }
  const missing = system.nameOf.filter((_, wire) => !known[wire])
  if (missing.length > 0)
    throw new Error(`nothing determines ${missing.length} wires: ${missing.slice(0, 20).join(', ')}`)
  const checks = new Uint8Array(constraints.length).fill(1)
  for (const { constraint } of steps) if (constraint !== undefined) checks[constraint] = 0
  return { system, inputs: inputWires, steps, filledBy, readBy, checks, live: liveSteps(system, steps, readBy, checks) }
}

function liveSteps(
  { touching }: System,
  steps: readonly Step[],
  readBy: readonly (readonly number[])[],
  checks: Uint8Array,
): Uint8Array {
  const live = new Uint8Array(steps.length)
  for (let s = steps.length - 1; s >= 0; s--) {
    const step = at(steps, s)
    const filled = step.constraint === undefined ? step.to : [step.wire]
    const leads = (wire: number) =>
      at(touching, wire).some((index) => checks[index]) || at(readBy, wire).some((reader) => live[reader])
    live[s] = filled.some(leads) ? 1 : 0
  }
  return live
}

/** Whether an equality compares `wire` with a signal that its component does not define it by. */
function isCheck({ nameOf }: System, wire: number, all: readonly number[]): boolean {
  const name = at(nameOf, wire)
  const other = all.find((candidate) => candidate !== wire)
  const outside = other === undefined || !at(nameOf, other).startsWith(parentOf(name))
  return outside && CHECKS.some((check) => check.test(name))
}

/** A signal's wires: itself, or all places of an array. */
export function signalWires({ wireOf }: System, name: string): number[] {
  const single = wireOf.get(name)
  if (single !== undefined) return [single]
  const list: number[] = []
  for (let i = 0; ; i++) {
    const wire = wireOf.get(`${name}[${i}]`)
    if (wire === undefined) return list
    list.push(wire)
  }
}

/** The component that a signal belongs to, with the closing dot; empty for main. */
export const parentOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1)

function components({ nameOf }: System): Locals[] {
  const byParent = new Map<string, Map<string, number>>()
  nameOf.forEach((name, wire) => {
    if (wire === 0) return
    const parent = parentOf(name)
    const locals = byParent.get(parent) ?? new Map<string, number>()
    byParent.set(parent, locals.set(name.slice(parent.length), wire))
  })
  return [...byParent.values()]
}
