import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { at } from '../../../src/base/at.ts'
import { FIELD_MODULUS } from '../../../src/base/field.ts'
import { ELEMENT_BYTES, forEachTerm, type R1cs, readR1cs } from '../../../src/proof/r1cs.ts'
import type { CircuitInputs } from '../../../src/witness/witness.ts'
import { Calculator } from './calculator.ts'
import { compile, type Level, type Source } from './compile.ts'

/** A compiled circuit: its constraints, its wires by label and by name, its witnesses. */
export class Circuit {
  readonly r1cs: R1cs
  /** For each label (a signal's number before simplification) its wire, -1 when it was simplified away. */
  readonly wireOf: readonly number[]
  /** Wires by the full names of their signals, from `main` on; -1 when simplified away. */
  readonly names: ReadonlyMap<string, number>
  readonly #calculator: Calculator

  private constructor(r1cs: R1cs, dir: string) {
    this.r1cs = r1cs
    const wireOf = [0]
    const names = new Map<string, number>()
    for (const line of readFileSync(join(dir, 'main.sym'), 'utf8').split('\n')) {
      if (line === '') continue
      const [label = '', wire = '', , name = ''] = line.split(',')
      wireOf[Number(label)] = Number(wire)
      names.set(name, Number(wire))
    }
    this.wireOf = wireOf
    this.names = names
    this.#calculator = new Calculator(join(dir, 'main_js', 'main.wasm'))
  }

  static async load(source: Source, level: Level = 'O2'): Promise<Circuit> {
    const dir = await compile(source, level)
    return new Circuit(await readR1cs(join(dir, 'main.r1cs')), dir)
  }

  /** @throws Unsatisfiable when the circuit's own checks fail. */
  witness(inputs: CircuitInputs): bigint[] {
    return this.#calculator.witness(inputs)
  }

  /** A signal of `main` by its name, such as `bound[1]`. */
  value(witness: readonly bigint[], name: string): bigint {
    const wire = this.names.get(`main.${name}`)
    if (wire === undefined || wire < 0) throw new Error(`${name} is not a wire`)
    return at(witness, wire)
  }

  /** Signals of `main` whose names start with `name[`, in order. */
  values(witness: readonly bigint[], name: string): bigint[] {
    const list: bigint[] = []
    for (let i = 0; this.names.has(`main.${name}[${i}]`); i++) list.push(this.value(witness, `${name}[${i}]`))
    return list
  }

  /** Constraints that multiply; the others only name sums, and vanish in a larger circuit. */
  get products(): number {
    const multiplying = new Set<number>()
    forEachTerm(this.r1cs, (matrix, constraint) => {
      if (matrix === 0) multiplying.add(constraint)
    })
    return multiplying.size
  }

  /** A name of the wire, of the several that simplification may have merged. */
  nameOf(wire: number): string {
    for (const [name, candidate] of this.names) if (candidate === wire) return name
    throw new Error(`wire ${wire} has no name`)
  }

  /** Wires that can change by 1 alone without breaking a constraint of the witness. */
  freeWires(witness: readonly bigint[]): number[] {
    const sums = new Map<number, bigint>() // by 3 · constraint + matrix
    const parts = new Map<number, Map<number, [bigint, bigint, bigint]>>() // factors by wire and constraint
    forEachTerm(this.r1cs, (matrix, constraint, wire, offset) => {
      const factor = element(this.r1cs.body, offset)
      const row = 3 * constraint + matrix
      sums.set(row, ((sums.get(row) ?? 0n) + factor * at(witness, wire)) % FIELD_MODULUS)
      const byConstraint = parts.get(wire) ?? new Map<number, [bigint, bigint, bigint]>()
      const factors = byConstraint.get(constraint) ?? [0n, 0n, 0n]
      factors[matrix as 0 | 1 | 2] += factor
      parts.set(wire, byConstraint.set(constraint, factors))
    })
    const sum = (constraint: number, matrix: number) => sums.get(3 * constraint + matrix) ?? 0n
    const holds = ([constraint, [a, b, c]]: [number, [bigint, bigint, bigint]]) =>
      ((sum(constraint, 0) + a) * (sum(constraint, 1) + b) - sum(constraint, 2) - c) % FIELD_MODULUS === 0n
    return Array.from({ length: this.r1cs.wires - 1 }, (_, i) => i + 1).filter((wire) =>
      [...(parts.get(wire) ?? [])].every(holds),
    )
  }

  /** Numbers of the constraints that the witness breaks. */
  violations(witness: readonly bigint[]): number[] {
    const broken: number[] = []
    let sums: [bigint, bigint, bigint] = [0n, 0n, 0n]
    let current = 0
    const finish = () => {
      if ((sums[0] * sums[1] - sums[2]) % FIELD_MODULUS !== 0n) broken.push(current)
      sums = [0n, 0n, 0n]
    }
    forEachTerm(this.r1cs, (matrix, constraint, wire, offset) => {
      if (constraint !== current) {
        finish()
        current = constraint
      }
      const factor = element(this.r1cs.body, offset)
      sums[matrix as 0 | 1 | 2] = (sums[matrix as 0 | 1 | 2] + factor * at(witness, wire)) % FIELD_MODULUS
    })
    finish()
    return broken
  }
}

function element(body: Buffer, offset: number): bigint {
  let value = 0n
  for (let i = ELEMENT_BYTES - 8; i >= 0; i -= 8) value = (value << 64n) | body.readBigUInt64LE(offset + i)
  return value
}
