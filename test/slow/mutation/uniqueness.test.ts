import { expect } from 'chai'
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { CHOICES, FREE_INVERSES, lemmasOf } from './helpers/lemmas.ts'
import { signalWires } from './helpers/plan.ts'
import { MISSING_RANGE_CHECK, Target } from './helpers/target.ts'
import { determined, looseWires, movableWires } from './helpers/uniqueness.ts'

/** An honest witness is the only one: near itself, and by argument among all. */
for (const kind of POLICY_KINDS) {
  describe(`${kind}: given the inputs, the witness`, function () {
    this.timeout(300_000)
    let target: Target
    const name = (wire: number) => target.plan.system.nameOf[wire] ?? ''
    before(async () => {
      target = await Target.load(kind)
    })

    it('is of a batch with all that can happen', () => {
      const values = (signal: string) =>
        signalWires(target.plan.system, signal).map((wire) => target.forger('running').honest[wire])
      expect(new Set(values('segment'))).to.deep.equal(new Set([0n, 1n]))
      expect(new Set(values('start.open'))).to.deep.equal(new Set([0n, 1n]))
      const count = Number(values('orders.count')[0])
      expect(count).to.be.lessThan(values('size').length)
      expect(values('end.assignment').slice(0, count)).to.include(0n).and.include(4n)
    })

    it('leaves no wire another value while the rest stays, whatever the value', () => {
      const { plan } = target
      const loose = looseWires(plan.system, target.forger('running').honest)
      const wires = plan.system.wires - 1 - plan.inputs.length
      console.log(
        `      ${wires} wires perturbed, ${wires - loose.length} caught; the others: ${loose.map(name).join(', ')}`,
      )
      expect(loose.map(name)).to.deep.equal(freeInverses())
      expect(
        plan.system.touching.findIndex((list, wire) => wire > 0 && list.length === 0),
        'a wire in no constraint',
      ).to.equal(-1)
    })

    it('leaves no combination of wires a direction to move in', () => {
      const { plan } = target
      const movable = movableWires(plan.system, target.forger('running').honest, plan.inputs)
      expect(movable.map(name)).to.deep.equal(freeInverses())
    })

    it('follows from the inputs, step by step, for all batches', () => {
      const { system, inputs } = target.plan
      const all = system.nameOf.map((_, wire) => wire).slice(1)
      const roots = all.filter((wire) => inputs.includes(wire) || CHOICES.test(name(wire)))
      const rules = determined(system, roots, lemmasOf(target))
      const open = all.filter((wire) => !rules.has(wire) && !roots.includes(wire))
      const count = (rule: string) => [...rules.values()].filter((used) => used === rule).length
      console.log(
        `      ${all.length} wires: ${inputs.length} inputs, ${roots.length - inputs.length} choices without effect, ${count('solved')} solved, ${count('bits')} as bits, ` +
          `${count('zero')} as IsZero, ${count('lemma')} by ${new Set(lemmasOf(target).map((lemma) => lemma.name)).size} lemmas, ${open.length} free inverses`,
      )
      expect(open.map(name).filter((wire) => !FREE_INVERSES.test(wire))).to.deep.equal([])
    })

    /** Of empty slots: the size is 0, and nothing reads the inverse. */
    const freeInverses = () => {
      const { system } = target.plan
      const active = signalWires(system, 'orders.active').map((wire) => target.forger('running').honest[wire])
      return active.flatMap((flag, i) => (flag === 0n ? [`orders.OpenOrder[${i}].inverse`] : []))
    }
  })
}

describe('the argument for all batches', function () {
  this.timeout(300_000)

  it('does not go through when a range check is missing', async () => {
    const weakened = await Target.load('two-choice', MISSING_RANGE_CHECK)
    const { system, inputs } = weakened.plan
    const roots = [...system.wireOf]
      .filter(([name, wire]) => inputs.includes(wire) || CHOICES.test(name))
      .map(([, wire]) => wire)
    const rules = determined(system, roots, lemmasOf(weakened))
    expect(rules.has(system.wireOf.get('start.shard[0].Headroom.quarter[0]') ?? -1)).to.equal(false)
    expect(rules.has(system.wireOf.get('digest') ?? -1)).to.equal(false)
  })
})
