import { expect } from 'chai'
import { FallbackProver } from '../../src/proof/backend/fallback-prover.ts'
import { ProverError } from '../../src/proof/error.ts'
import type { ProvenStatement, Prover } from '../../src/proof/prover.ts'
import { rejection } from './helpers.ts'

/** Takes `proveMs`, as it says; fails with `failWith` while that is set. */
class ToyProver implements Prover {
  calls = 0
  closed = false
  readonly name: string
  readonly proveMs: number
  failWith: ProverError['code'] | undefined

  constructor(name: string, proveMs: number, failWith?: ProverError['code']) {
    this.name = name
    this.proveMs = proveMs
    this.failWith = failWith
  }
  async prove(): Promise<ProvenStatement> {
    this.calls++
    if (this.failWith) throw new ProverError(this.failWith, 'as told')
    const point = [1n, 2n] as const
    const proof = { a: point, b: [point, point], c: point } as const
    return { proof, publicSignals: [], witnessMs: 1, proveMs: this.proveMs }
  }
  async close(): Promise<void> {
    this.closed = true
  }
}

describe('fallback prover', () => {
  it('takes the fastest that stood its self-proof, and does not try the last when another works', async () => {
    const [command, native, slow] = [new ToyProver('command', 50), new ToyProver('native', 5), new ToyProver('slow', 1)]
    const prover = new FallbackProver([command, native, slow])
    await prover.selfProve('c', {})
    expect(prover.name).to.equal('native')
    expect([command.calls, native.calls, slow.calls]).to.deep.equal([1, 1, 0])
    await prover.prove('c', {})
    expect(native.calls).to.equal(2)
    expect(prover.health().ok).to.equal(true)
    expect(prover.health().message).to.match(/^native, last proof 5 ms$/)
  })

  it('takes the last when no other works, and says when none does', async () => {
    const [broken, slow] = [new ToyProver('broken', 1, 'PROVER_CRASHED'), new ToyProver('slow', 1000)]
    const prover = new FallbackProver([broken, slow])
    await prover.selfProve('c', {})
    expect(prover.name).to.equal('slow')
    const none = new FallbackProver([new ToyProver('broken', 1, 'PROOF_INVALID')])
    expect((await rejection(none.selfProve('c', {}))).code).to.equal('PROVER_UNAVAILABLE')
    expect(none.health()).to.deep.equal({ ok: false, message: 'no backend makes proofs: broken PROOF_INVALID' })
  })

  for (const code of ['PROVER_CRASHED', 'PROVER_TIMEOUT', 'PROOF_FAILED', 'PROOF_INVALID'] as const)
    it(`gives a job to the next backend after ${code}, once, and tells`, async () => {
      const [fast, slow] = [new ToyProver('fast', 1), new ToyProver('slow', 1000)]
      const told: unknown[] = []
      const prover = new FallbackProver([fast, slow], (failed) => told.push(failed))
      await prover.selfProve('c', {})
      fast.failWith = code
      await prover.prove('c', {})
      expect([fast.calls, slow.calls]).to.deep.equal([2, 1])
      expect(told).to.deep.equal([{ backend: 'fast', code, next: 'slow' }])
      slow.failWith = 'PROOF_FAILED'
      expect((await rejection(prover.prove('c', {}))).code).to.equal('PROOF_FAILED')
      expect([fast.calls, slow.calls]).to.deep.equal([3, 2])
    })

  for (const code of ['WITNESS_UNSATISFIED', 'WITNESS_INPUT_INVALID', 'PROOF_CANCELLED', 'PROVER_CLOSED'] as const)
    it(`does not try again after ${code}, which another backend would meet too`, async () => {
      const [fast, slow] = [new ToyProver('fast', 1, code), new ToyProver('slow', 1000)]
      const prover = new FallbackProver([fast, slow])
      expect((await rejection(prover.prove('c', {}))).code).to.equal(code)
      expect(slow.calls).to.equal(0)
    })

  it('leaves a backend alone for a while that keeps failing, and returns to one that failed once', async () => {
    const [fast, slow] = [new ToyProver('fast', 1), new ToyProver('slow', 1000)]
    const prover = new FallbackProver([fast, slow])
    await prover.selfProve('c', {})
    fast.failWith = 'PROVER_CRASHED'
    await prover.prove('c', {})
    expect(prover.name).to.equal('fast')
    await prover.prove('c', {})
    expect(prover.name).to.equal('slow')
    await prover.prove('c', {})
    expect(fast.calls).to.equal(3)
  })

  it('tries the only backend once more, which a fresh process may cure', async () => {
    const only = new ToyProver('only', 1, 'PROVER_CRASHED')
    const prover = new FallbackProver([only])
    expect((await rejection(prover.prove('c', {}))).code).to.equal('PROVER_CRASHED')
    expect(only.calls).to.equal(2)
  })

  it('closes all of its backends', async () => {
    const provers = [new ToyProver('a', 1), new ToyProver('b', 1)]
    await new FallbackProver(provers).close()
    expect(provers.map(({ closed }) => closed)).to.deep.equal([true, true])
  })
})
