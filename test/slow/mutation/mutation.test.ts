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
import { System } from './helpers/system.ts'
import { sourceOf, Target } from './helpers/target.ts'

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
          `by inputs that have no witness ${killed.input}, by a second witness ${killed.inner}; survivors ${alive}`,
      )
      expect(problems).to.deep.equal([])
    })

    it(`${kind}: the circuit as production compiles it rejects them too`, async () => {
      const target = targetOf(kind)
      const production = await Circuit.load(sourceOf(kind))
      const system = new System(production)
      let rejected = 0
      for (const list of Object.values(forgeries[kind] ?? {})) {
        const stored = list.find(({ effect }) => effect !== 'inner')
        if (!stored) continue
        const forger = target.forger(stored.base)
        const { values } = forger.forge(decodeForced(forger, stored.forced))
        const laid = project(target.circuit, values, production)
        const broken = system.constraints.some((_, index) => system.residual(index, laid) !== 0n)
        expect(broken, JSON.stringify(stored)).to.equal(true)
        rejected++
      }
      console.log(`      ${rejected} forgeries of other statements and inputs, one a group`)
    })
  }

  it('a circuit without one of its range checks fails this suite', async () => {
    const weakened = await Target.load('two-choice', {
      backlog: [['_ <== Num2Bits(40)(remainder);', '_ <== FreeNum2Bits(40)(remainder);']],
    })
    const range = [...(at(POLICY_KINDS, 0) && targetOf('two-choice').groups.keys())].filter((group) =>
      group.includes('Headroom.Num2Bits. '),
    )
    const { problems } = tally(weakened, forgeries['two-choice'] ?? {}, survivors['two-choice'] ?? {})
    for (const group of range) {
      expect(problems).to.include(`${group}: stored, but the circuit has no such constraints`)
    }
  })
})
