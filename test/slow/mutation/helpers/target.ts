import type { PolicyKindName } from '../../../../src/policy/policy.ts'
import { BATCH_TEMPLATES, SHAPE, statementOf } from '../../../circuits/helpers/batch-circuit.ts'
import { Circuit } from '../../../circuits/helpers/circuit.ts'
import type { Edits } from '../../../circuits/helpers/compile.ts'
import { BASES, type BaseName } from './bases.ts'
import { Forger } from './forger.ts'
import { groupsOf } from './groups.ts'
import { type Plan, plan } from './plan.ts'
import { System } from './system.ts'

/** The small circuit of a kind with one wire for each signal, every constraint as written, and its honest witnesses. */
export class Target {
  readonly kind: PolicyKindName
  readonly circuit: Circuit
  readonly plan: Plan
  readonly groups: ReadonlyMap<string, readonly number[]>
  readonly #forgers = new Map<BaseName, Forger>()

  private constructor(kind: PolicyKindName, circuit: Circuit) {
    this.kind = kind
    this.circuit = circuit
    const inputs = Object.keys(statementOf(BASES.running(kind)).inputs)
    // D and V(alpha) follow from the rest
    this.plan = plan(
      new System(circuit),
      inputs.filter((name) => name !== 'digest' && name !== 'y'),
    )
    this.groups = groupsOf(this.plan)
  }

  /** @param bent replaces texts of the library, by file. */
  static async load(kind: PolicyKindName, bent?: Readonly<Record<string, Edits>>): Promise<Target> {
    return new Target(kind, await Circuit.load({ ...sourceOf(kind), ...(bent && { bent }) }, 'O0'))
  }

  /** @throws Unsatisfiable when the batch has no honest witness. */
  forger(base: BaseName): Forger {
    const known = this.#forgers.get(base)
    if (known) return known
    const forger = new Forger(this.plan, this.circuit.witness(statementOf(BASES[base](this.kind)).inputs))
    this.#forgers.set(base, forger)
    return forger
  }
}

export const sourceOf = (kind: PolicyKindName) => ({
  lib: kind,
  instance: `${BATCH_TEMPLATES[kind]}(${SHAPE.shards}, ${SHAPE.slots})`,
  publicInputs: ['digest', 'alpha', 'y'],
})

/** A weakened circuit, on which the suites must fail: Headroom takes any remainder. */
export const MISSING_RANGE_CHECK: Readonly<Record<string, Edits>> = {
  backlog: [['_ <== Num2Bits(40)(remainder);', '_ <== FreeNum2Bits(40)(remainder);']],
}
