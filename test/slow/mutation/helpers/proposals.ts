import { at } from '../../../../src/base/at.ts'
import { modField } from '../../../../src/base/field.ts'
import type { Forced, Forger } from './forger.ts'
import { inverse, wiresOf } from './system.ts'

/** How far hints are looked for, in steps, and inputs, in wires. */
const DEPTH = 5
const MOST_REACHED = 600
const HALF = inverse(2n)

/** Whether a prover chooses the wire's value, honest or not. */
export function isHint({ plan }: Forger, wire: number): boolean {
  const step = plan.filledBy[wire]
  return step !== undefined && at(plan.steps, step).constraint === undefined
}

/** Wires of a constraint that a prover may set at will once it is gone: what it defined first, then hints and inputs. */
export function freeWires(forger: Forger, constraint: number): number[] {
  const { plan } = forger
  const defines = (wire: number) => {
    const step = plan.filledBy[wire]
    return step !== undefined && at(plan.steps, step).constraint === constraint
  }
  const own = [...wiresOf(at(plan.system.constraints, constraint))]
  const free = own.filter((wire) => !defines(wire) && (isHint(forger, wire) || plan.inputs.includes(wire)))
  return [...own.filter(defines), ...free]
}

/** Values to try: on the constraint's own wires, on hints around it, on inputs before it. Simple ones first. */
export function* proposals(forger: Forger, constraint: number): Generator<Forced> {
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
