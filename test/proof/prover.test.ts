import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { ensureCircuit } from '../../src/proof/build.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { chainInputs, rejection, TOYS } from './helpers.ts'

describe('snarkjs prover', () => {
  let prover: SnarkjsProver
  const large = () => prover.prove('chain-4', chainInputs(4))
  const small = () => prover.prove('chain-1', chainInputs(1))

  before(async () => {
    await Promise.all([ensureCircuit('chain-1', TOYS), ensureCircuit('chain-4', TOYS)])
    prover = new SnarkjsProver((circuit) => ensureCircuit(circuit, TOYS))
  })
  after(() => prover.close())

  it('proves jobs in order, keeps the child, and times witness and proof apart', async () => {
    const order: string[] = []
    const jobs = ['chain-4', 'chain-1', 'chain-4'].map(async (circuit) => {
      const statement = await prover.prove(circuit, chainInputs(circuit === 'chain-1' ? 1 : 4))
      order.push(circuit)
      return statement
    })
    const [first, second] = await Promise.all(jobs)
    expect(order).to.deep.equal(['chain-4', 'chain-1', 'chain-4'])
    expect(first?.publicSignals.slice(1)).to.deep.equal([15n, 3n])
    expect(first?.publicSignals).not.to.deep.equal(second?.publicSignals)
    expect(first?.witnessMs).to.be.greaterThan(0)
    expect(first?.proveMs).to.be.greaterThan(0)
    const { pid } = prover
    await small()
    expect(prover.pid).to.equal(pid)
  })

  it('refuses inputs that do not satisfy the circuit without repeating them, and goes on', async () => {
    const secret = 0xdeadbeefdeadbeefn // 64 bits where 32 are allowed
    const error = await rejection(prover.prove('chain-1', { ...chainInputs(1), start: secret }))
    expect(error.code).to.equal('WITNESS_UNSATISFIED')
    expect(error.details.trace).to.match(/Num2Bits/)
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.to.include(secret.toString())
    expect((await small()).publicSignals[1]).to.equal(15n)
  })

  it('refuses inputs that are missing, unknown, of another length or not reduced', async () => {
    const { start: _, ...missing } = chainInputs(1)
    const honest = chainInputs(1)
    const bad = [
      missing,
      { ...honest, more: 1n },
      { ...honest, link: [1n, 2n] },
      { ...honest, factor: -1n },
      { ...honest, factor: 1n << 254n },
    ]
    for (const inputs of bad)
      expect((await rejection(prover.prove('chain-1', inputs))).code).to.equal('WITNESS_INPUT_INVALID')
  })

  it('cancels the running job, a waiting job and one not begun, and proves again', async () => {
    await large()
    await small()
    const [running, waiting] = [new AbortController(), new AbortController()]
    const first = rejection(prover.prove('chain-4', chainInputs(4), { signal: running.signal }))
    const second = rejection(prover.prove('chain-4', chainInputs(4), { signal: waiting.signal }))
    const third = small()
    const { pid } = prover
    waiting.abort()
    expect((await second).code).to.equal('PROOF_CANCELLED')
    setImmediate(() => running.abort())
    expect((await first).code).to.equal('PROOF_CANCELLED')
    expect((await rejection(prover.prove('chain-1', chainInputs(1), { signal: AbortSignal.abort() }))).code).to.equal(
      'PROOF_CANCELLED',
    )
    expect((await third).publicSignals[1]).to.equal(15n)
    expect(prover.pid).not.to.equal(pid)
  })

  it('survives a child that is killed at work or at rest', async () => {
    await large()
    const doomed = rejection(large())
    setImmediate(() => process.kill(prover.pid ?? 0, 'SIGKILL'))
    expect((await doomed).code).to.equal('PROVER_CRASHED')
    expect((await small()).publicSignals[1]).to.equal(15n)
    process.kill(prover.pid ?? 0, 'SIGKILL')
    while (prover.pid !== undefined) await new Promise((resolve) => setImmediate(resolve))
    expect((await small()).publicSignals[1]).to.equal(15n)
  })

  it('fails a job whose artifacts cannot be had, and asks again for the next', async () => {
    let broken = true
    const flaky = new SnarkjsProver(async () => {
      if (broken) throw new Error('no artifacts')
      return ensureCircuit('chain-1', TOYS)
    })
    try {
      const failed = await flaky.prove('chain-1', chainInputs(1)).catch((error: Error) => error.message)
      expect(failed).to.equal('no artifacts')
      broken = false
      expect((await flaky.prove('chain-1', chainInputs(1))).publicSignals[1]).to.equal(15n)
    } finally {
      await flaky.close()
    }
  })

  it('ends its child and its jobs when closed', async () => {
    await small()
    const { pid = 0 } = prover
    const [running, waiting] = [rejection(small()), rejection(small())]
    await prover.close()
    expect((await running).code).to.equal('PROVER_CLOSED')
    expect((await waiting).code).to.equal('PROVER_CLOSED')
    expect((await rejection(small())).code).to.equal('PROVER_CLOSED')
    expect(() => process.kill(pid, 0))
      .to.throw()
      .with.property('code', 'ESRCH')
  })

  it('lets a process exit that never closes it', async () => {
    const script = `
      const { SnarkjsProver } = await import(${JSON.stringify(new URL('../helpers/snarkjs-prover.js', import.meta.url))})
      const { ensureCircuit } = await import(${JSON.stringify(new URL('../../src/proof/build.js', import.meta.url))})
      const prover = new SnarkjsProver((circuit) => ensureCircuit(circuit, ${JSON.stringify(TOYS)}))
      await prover.prove('chain-1', { factor: 3n, start: 5n, link: [1n] })
      console.log(prover.pid)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 30_000,
    })
    const pid = Number(stdout)
    const isAlive = () => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    }
    while (isAlive()) await new Promise((resolve) => setImmediate(resolve))
  })
})
