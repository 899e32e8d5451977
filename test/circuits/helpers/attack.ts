import { expect } from 'chai'
import { at } from '../../../src/base/at.ts'
import type { CircuitInputs } from '../../../src/witness/witness.ts'
import { Unsatisfiable } from './calculator.ts'
import { Circuit } from './circuit.ts'
import type { Edits, Level, Source } from './compile.ts'

/** A forgery: one group of constraints taken out of a template, and the hints bent to what the group should prevent. */
export interface Attack {
  /** What is forged. */
  readonly title: string
  readonly inputs: CircuitInputs
  /** In the template's own file. */
  readonly edits?: Edits
  /** In files that it includes, by name. */
  readonly included?: Readonly<Record<string, Edits>>
  /** True when these inputs have no honest witness; else the forged outputs must differ from the honest ones. */
  readonly unsatisfiable?: boolean
}

/** A template under attack. */
export interface Target {
  readonly lib: string
  readonly instance: string
  /** As which the real template is compiled: O2 as in production, unless that takes long. */
  readonly level?: Level
}

/**
 * Declares a suite: for each attack a complete witness that breaks the group taken out and nothing else is rejected by the real constraints.
 *
 * The bent template computes the witness and accepts it, so all other groups hold. Signals keep their numbers, so the same
 * values are then laid on the wires of the template as production compiles it.
 */
export function describeAttacks(target: Target, attacks: readonly Attack[]): void {
  describe(`${target.instance} rejects`, function () {
    this.timeout(120_000)
    // Public, else simplification may compute an input from its bits, and a forged input would be lost on the way.
    const source = { lib: target.lib, instance: target.instance, publicInputs: Object.keys(attacks[0]?.inputs ?? {}) }
    let real: Circuit
    before(async () => {
      real = await Circuit.load(source, target.level)
    })
    for (const attack of attacks) it(attack.title, () => attempt(source, real, attack))
  })
}

async function attempt(source: Source, real: Circuit, attack: Attack): Promise<void> {
  const { inputs, edits, included, unsatisfiable = false } = attack
  const bent = await Circuit.load({ ...source, bent: { ...included, ...(edits && { [source.lib]: edits }) } }, 'O0')
  expect(bent.wireOf.length, 'the bent template numbers its signals like the real one').to.equal(real.wireOf.length)

  const forged = bent.witness(inputs)
  expect(bent.violations(forged), 'the forgery satisfies every other group').to.deep.equal([])
  const laid = project(bent, forged, real)
  expect(real.violations(laid), 'the group rejects the forgery').to.not.deep.equal([])

  if (unsatisfiable) {
    expect(() => real.witness(inputs)).to.throw(Unsatisfiable)
  } else {
    const honest = real.witness(inputs)
    expect(real.violations(honest)).to.deep.equal([])
    expect(publicPart(real, laid), 'the forgery changes an output').to.not.deep.equal(publicPart(real, honest))
  }
}

/** The values of one circuit on the wires of another that has the same signals. */
export function project(from: Circuit, witness: readonly bigint[], to: Circuit): bigint[] {
  const laid: bigint[] = [1n]
  to.wireOf.forEach((wire, label) => {
    if (wire > 0) laid[wire] = at(witness, at(from.wireOf, label))
  })
  return laid
}

const publicPart = (circuit: Circuit, witness: readonly bigint[]) => witness.slice(1, 1 + circuit.r1cs.publics)
