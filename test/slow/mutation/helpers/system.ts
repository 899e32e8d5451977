import { at } from '../../../../src/base/at.ts'
import { FIELD_MODULUS, modField } from '../../../../src/base/field.ts'
import { ELEMENT_BYTES, forEachTerm } from '../../../../src/proof/r1cs.ts'
import type { Circuit } from '../../../circuits/helpers/circuit.ts'
import { stableNames } from './names.ts'

/** A sum of wires with factors; wire 0 is the constant 1. */
export interface Sum {
  readonly wires: readonly number[]
  readonly factors: readonly bigint[]
}

/** `a · b = c`. */
export interface Constraint {
  readonly a: Sum
  readonly b: Sum
  readonly c: Sum
}

/** The constraints of a circuit, by wire, and the names of its wires. */
export class System {
  readonly constraints: readonly Constraint[]
  /** For each wire the constraints that it occurs in. */
  readonly touching: readonly (readonly number[])[]
  /** For each wire the name of its signal, without the leading `main.` and without the compiler's own numbers. */
  readonly nameOf: readonly string[]
  readonly wireOf: ReadonlyMap<string, number>
  readonly publics: number

  /** @param circuit compiled at a level that keeps one wire for each signal (O0). */
  constructor(circuit: Circuit) {
    const { r1cs } = circuit
    this.publics = r1cs.publics
    this.constraints = readConstraints(circuit)
    const touching: Set<number>[] = Array.from({ length: r1cs.wires }, () => new Set())
    this.constraints.forEach((constraint, i) => {
      for (const wire of wiresOf(constraint)) touching[wire]?.add(i)
    })
    this.touching = touching.map((set) => [...set])
    const full: string[] = ['main.one']
    for (const [name, wire] of circuit.names) full[wire] = name
    const rename = stableNames(full)
    this.nameOf = full.map((name) => rename(name).slice('main.'.length))
    this.wireOf = new Map(this.nameOf.map((name, wire) => [name, wire]))
  }

  get wires(): number {
    return this.touching.length
  }

  /** `a · b − c`: 0 when the constraint holds. */
  residual(constraint: number, values: readonly bigint[]): bigint {
    const { a, b, c } = at(this.constraints, constraint)
    const product = a.wires.length === 0 || b.wires.length === 0 ? 0n : total(a, values) * total(b, values)
    return modField(product - total(c, values))
  }
}

/** All wires of a constraint but the constant 1. */
export function wiresOf({ a, b, c }: Constraint): Set<number> {
  const wires = new Set([...a.wires, ...b.wires, ...c.wires])
  wires.delete(0)
  return wires
}

/** The value of a sum, not reduced. */
export function total({ wires, factors }: Sum, values: readonly bigint[]): bigint {
  let sum = 0n
  for (let i = 0; i < wires.length; i++) sum += (factors[i] as bigint) * (values[wires[i] as number] as bigint)
  return sum % FIELD_MODULUS
}

/** `1 / value` in the field; 0 for 0. */
export function inverse(value: bigint): bigint {
  let [a, b, x, y] = [modField(value), FIELD_MODULUS, 1n, 0n]
  if (a === 0n) return 0n
  while (a > 1n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return modField(x)
}

/** Factors near p are kept as small negative numbers: shorter to multiply. */
function readConstraints({ r1cs }: Circuit): Constraint[] {
  const list = Array.from({ length: r1cs.constraints }, () => ({ a: empty(), b: empty(), c: empty() }))
  const cache = new Map<string, bigint>()
  forEachTerm(r1cs, (matrix, index, wire, offset) => {
    const hex = r1cs.body.toString('latin1', offset, offset + ELEMENT_BYTES)
    let factor = cache.get(hex)
    if (factor === undefined) {
      factor = 0n
      for (let i = ELEMENT_BYTES - 8; i >= 0; i -= 8) factor = (factor << 64n) | r1cs.body.readBigUInt64LE(offset + i)
      if (factor > FIELD_MODULUS / 2n) factor -= FIELD_MODULUS
      cache.set(hex, factor)
    }
    const { a, b, c } = at(list, index)
    const sum = matrix === 0 ? a : matrix === 1 ? b : c
    sum.wires.push(wire)
    sum.factors.push(factor)
  })
  return list
}

const empty = (): { wires: number[]; factors: bigint[] } => ({ wires: [], factors: [] })
