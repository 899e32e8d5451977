import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { at } from '../../../src/base/at.ts'
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { project } from '../../circuits/helpers/attack.ts'
import { Circuit } from '../../circuits/helpers/circuit.ts'
import { decodeForced, readForgeries } from './helpers/forgeries.ts'
import { mutantsOf, tally } from './helpers/mutants.ts'
import { type Constraint, System } from './helpers/system.ts'
import { MISSING_RANGE_CHECK, sourceOf, Target } from './helpers/target.ts'

const file = join(packageRoot(), 'test', 'slow', 'mutation', 'survivors.json')
/** By kind and group, why nothing is gained when a constraint of the group is missing. */
const survivors = z
  .record(z.string(), z.record(z.string(), z.string().min(20)))
  .parse(JSON.parse(readFileSync(file, 'utf8')))
const forgeries = readForgeries()

/** Takes out one constraint at a time and shows a witness that only that constraint rejects. */
describe('every constraint is needed', function () {
  this.timeout(600_000)
  const seen = new Set<string>()
  const targets = new Map<string, Target>()
  before(async () => {
    for (const kind of POLICY_KINDS) targets.set(kind, await Target.load(kind))
  })
  const targetOf = (kind: string): Target => {
    const target = targets.get(kind)
    if (!target) throw new Error(`${kind} is not loaded`)
    return target
  }

  for (const kind of POLICY_KINDS) {
    it(`${kind}: each mutant accepts a forgery that the circuit rejects`, () => {
      const target = targetOf(kind)
      const {
        groups,
        mutants,
        killed,
        survivors: alive,
        problems,
      } = tally(target, forgeries[kind] ?? {}, survivors[kind] ?? {}, seen)
      for (const { group } of mutantsOf(target)) seen.add(group)
      console.log(
        `      ${target.plan.system.constraints.length} constraints, ${groups} new groups, ${mutants} mutants: killed by another statement ${killed.statement}, ` +
          `by changed inputs ${killed.input}, by a second witness ${killed.inner}; survivors ${alive}`,
      )
      expect(problems).to.deep.equal([])
    })

    it(`${kind}: whole witnesses, one a group: nothing else is broken, and the production build rejects them`, async () => {
      const target = targetOf(kind)
      const { system } = target.plan
      const production = await Circuit.load(sourceOf(kind))
      const optimized = new System(production)
      let rejected = 0
      for (const [group, list] of Object.entries(forgeries[kind] ?? {})) {
        const stored = list.find(({ effect }) => effect === 'statement') ?? at(list, 0)
        const forger = target.forger(stored.base)
        const { values } = forger.forge(decodeForced(forger, stored.forced))
        expect(brokenBy(system, values), group).to.deep.equal([target.groups.get(group)?.[stored.at]])
        if (stored.effect !== 'statement') continue // the wire may be merged with another there, and what is left honest
        expect(brokenBy(optimized, project(target.circuit, values, production)), group).to.not.deep.equal([])
        rejected++
      }
      console.log(`      ${rejected} other statements rejected by the production build`)
    })
  }

  it('two-choice: the constraints are those of --O1, and the wiring that --O1 drops', async () => {
    const { constraints } = targetOf('two-choice').plan.system
    const { r1cs } = await Circuit.load(sourceOf('two-choice'), 'O1')
    expect(constraints.filter((constraint) => !isWiring(constraint)).length).to.equal(r1cs.constraints)
  })

  it('a circuit without one of its range checks accepts a forgery, and fails this suite', async () => {
    const weakened = await Target.load('two-choice', MISSING_RANGE_CHECK)
    // two limits' worth of backlog claimed for an idle shard: the remainder is negative
    const forge = (target: Target) => {
      const forger = target.forger('first')
      return forger.forge(decodeForced(forger, { 'start.shard[0].Headroom.quarter[1]': '+1' }))
    }
    expect(forge(weakened).broken).to.deep.equal([])
    expect(forge(targetOf('two-choice')).broken).to.have.length(1)

    const { problems } = tally(weakened, forgeries['two-choice'] ?? {}, survivors['two-choice'] ?? {})
    expect(problems.filter((problem) => problem.includes('the circuit has no such constraints'))).to.not.deep.equal([])
    for (const problem of problems) expect(problem).to.include('Headroom')
  })
})

const brokenBy = (system: System, values: readonly bigint[]): number[] =>
  [...system.constraints.keys()].filter((index) => system.residual(index, values) !== 0n)

/** `x = y`, or `x` equal to a constant. */
function isWiring({ a, c }: Constraint): boolean {
  const wires = c.wires.filter((wire) => wire !== 0)
  return a.wires.length === 0 && (wires.length === 1 || (c.wires.length === 2 && c.factors[0] === -at(c.factors, 1)))
}
