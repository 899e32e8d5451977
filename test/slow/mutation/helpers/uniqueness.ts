import { at } from '../../../../src/base/at.ts'
import { FIELD_MODULUS, modField } from '../../../../src/base/field.ts'
import { inverse, type Sum, type System, total, wiresOf } from './system.ts'

/**
 * Wires that can take another value while all others stay: for each wire every constraint around it is a polynomial of degree 2 at most in
 * its change, so all values are covered, not a sample.
 */
export function looseWires(system: System, values: readonly bigint[]): number[] {
  const evaluated = system.constraints.map(({ a, b }) => [total(a, values), total(b, values)] as const)
  const isLoose = (wire: number): boolean => {
    let root: bigint | undefined // the one change other than 0 that the constraints so far allow
    for (const index of at(system.touching, wire)) {
      const { a, b, c } = at(system.constraints, index)
      const [inA, inB, inC] = [factorOf(a, wire), factorOf(b, wire), factorOf(c, wire)]
      const [sumA, sumB] = at(evaluated, index)
      const square = modField(inA * inB)
      const slope = modField(inA * sumB + inB * sumA - inC)
      if (square === 0n && slope === 0n) continue
      const change = modField(-slope * inverse(square)) // 0 when there is no square
      if (change === 0n || (root !== undefined && root !== change)) return false
      root = change
    }
    return true
  }
  return indices(system.wires).filter((wire) => wire > 0 && isLoose(wire))
}

/**
 * Wires along which the witness could move in some direction: columns of the Jacobian that elimination cannot fix. None left
 * means that no other witness with the same inputs lies beside this one, whatever combination of wires moves.
 */
export function movableWires(system: System, values: readonly bigint[], fixed: readonly number[]): number[] {
  const rows = system.constraints.map(({ a, b, c }) => {
    const [sumA, sumB] = [total(a, values), total(b, values)]
    const row = new Map<number, bigint>()
    const add = ({ wires, factors }: Sum, scale: bigint) =>
      wires.forEach((wire, i) => {
        if (wire !== 0) row.set(wire, modField((row.get(wire) ?? 0n) + at(factors, i) * scale))
      })
    add(a, sumB)
    add(b, sumA)
    add(c, -1n)
    return [...row].filter(([, factor]) => factor !== 0n).map(([wire]) => wire)
  })
  return settle(system, rows, fixed)
}

/** Wires that stay open when a row with one open wire settles it, again and again. */
function settle(system: System, rows: readonly (readonly number[])[], fixed: readonly number[]): number[] {
  const open = new Uint8Array(system.wires).fill(1)
  const count = rows.map(({ length }) => length)
  const byWire: number[][] = indices(system.wires).map(() => [])
  rows.forEach((row, index) => {
    for (const wire of row) byWire[wire]?.push(index)
  })
  const queue: number[] = []
  const close = (wire: number) => {
    if (open[wire]) queue.push(wire)
    open[wire] = 0
  }
  for (const wire of [0, ...fixed]) close(wire)
  const look = (index: number) => {
    if (count[index] !== 1) return
    const wire = at(rows, index).find((candidate) => open[candidate])
    if (wire !== undefined) close(wire)
  }
  for (const index of rows.keys()) look(index)
  for (let next = 0; next < queue.length; next++) {
    for (const index of at(byWire, at(queue, next))) {
      count[index] = at(count, index) - 1
      look(index)
    }
  }
  return indices(system.wires).filter((wire) => open[wire])
}

/** How a wire was found to be the only one possible. */
export type Rule = 'solved' | 'bits' | 'zero' | 'lemma'

/** An argument that no single constraint carries: once `needs` are known, `gives` have no choice. See lemmas.ts. */
export interface Lemma {
  readonly name: string
  readonly needs: readonly number[]
  readonly gives: readonly number[]
}

/**
 * For all witnesses of all inputs: wires that follow from others by an argument, step by step. `solved`: the only unknown of a constraint, with a constant
 * factor. `bits`: booleans of a weighted sum that cannot wrap. `zero`: the output of IsZero. `lemma`: see there.
 * @param roots what is given. @returns for each wire its rule; undetermined wires are missing.
 */
export function determined(system: System, roots: readonly number[], lemmas: readonly Lemma[]): Map<number, Rule> {
  const { constraints, touching, wires } = system
  const known = new Uint8Array(wires)
  const rules = new Map<number, Rule>()
  const boolean = booleans(system)
  const open = constraints.map((constraint) => wiresOf(constraint).size)
  const queue: number[] = []
  const learn = (wire: number, rule?: Rule) => {
    if (known[wire]) return
    known[wire] = 1
    if (rule) rules.set(wire, rule)
    queue.push(wire)
  }
  const waiting: number[][] = indices(wires).map(() => [])
  lemmas.forEach(({ needs }, i) => {
    for (const wire of needs) waiting[wire]?.push(i)
  })
  const zeros = isZeros(system)
  const look = (index: number) => {
    const { a, b, c } = at(constraints, index)
    const linear = a.wires.length === 0 || b.wires.length === 0
    const unknown = [...wiresOf(at(constraints, index))].filter((wire) => !known[wire])
    if (unknown.length === 0 || unknown.some((wire) => a.wires.includes(wire) || b.wires.includes(wire))) return
    const [only] = unknown
    if (unknown.length === 1 && only !== undefined) learn(only, 'solved')
    else if (linear && unknown.every((wire) => boolean[wire])) {
      const factors = unknown.map((wire) => factorOf(c, wire))
      if (areBits(factors)) for (const wire of unknown) learn(wire, 'bits')
    }
  }
  constraints.forEach((_, index) => {
    if ((open[index] ?? 0) <= 1) look(index)
  })
  for (const wire of roots) learn(wire)
  for (let next = 0; next < queue.length; next++) {
    const wire = at(queue, next)
    for (const index of at(touching, wire)) look(index)
    const out = zeros.get(wire)
    if (out !== undefined) learn(out, 'zero')
    for (const i of at(waiting, wire)) {
      const { needs, gives } = at(lemmas, i)
      if (needs.every((need) => known[need])) for (const given of gives) learn(given, 'lemma')
    }
  }
  return rules
}

/** Distinct powers of two, all of one sign, with a sum below p: then a sum of booleans has one solution. */
function areBits(factors: readonly bigint[]): boolean {
  const sign = at(factors, 0) < 0n ? -1n : 1n
  const sorted = factors.map((factor) => factor * sign).sort((x, y) => (x < y ? -1 : 1))
  let sum = 0n
  for (const factor of sorted) {
    if (factor <= sum) return false // each weight above the sum of those below: no two choices agree
    sum += factor
  }
  return sum < FIELD_MODULUS
}

function booleans({ constraints, wires }: System): Uint8Array {
  const found = new Uint8Array(wires)
  for (const { a, b, c } of constraints) {
    const [wire] = a.wires.filter((candidate) => candidate !== 0)
    if (wire === undefined || c.wires.length > 0) continue
    const whole = (sum: Sum) => [...sum.wires].every((candidate) => candidate === 0 || candidate === wire)
    if (!whole(a) || !whole(b)) continue
    const roots = [a, b].map((sum) => modField(-factorOf(sum, 0) * inverse(factorOf(sum, wire))))
    if (roots.includes(0n) && roots.includes(1n)) found[wire] = 1
  }
  return found
}

/** Outputs of IsZero by their input, where both constraints are there: `in · out = 0` and `out = 1 − in · inv`. */
function isZeros({ wireOf, nameOf, touching, constraints }: System): Map<number, number> {
  const found = new Map<number, number>()
  for (const [name, inv] of wireOf) {
    if (!name.endsWith('.inv')) continue
    const parent = at(nameOf, inv).slice(0, -'inv'.length)
    const [input, output] = [wireOf.get(`${parent}in`), wireOf.get(`${parent}out`)]
    if (input === undefined || output === undefined) continue
    const shared = at(touching, output).map((index) => at(constraints, index))
    const zeroProduct = shared.some(
      (c) => [...wiresOf(c)].every((wire) => wire === input || wire === output) && c.c.wires.length === 0,
    )
    const complement = shared.some((c) => wiresOf(c).has(inv) && wiresOf(c).has(input) && wiresOf(c).size === 3)
    if (zeroProduct && complement) found.set(input, output)
  }
  return found
}

function factorOf({ wires, factors }: Sum, wire: number): bigint {
  let factor = 0n
  wires.forEach((candidate, i) => {
    if (candidate === wire) factor += at(factors, i)
  })
  return factor
}

const indices = (length: number): number[] => Array.from({ length }, (_, i) => i)
