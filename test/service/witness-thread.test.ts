import { expect } from 'chai'
import { ensureCircuit } from '../../src/proof/build.ts'
import { circuitFacts } from '../../src/service/open-service.ts'
import { WitnessThread } from '../../src/service/witness-thread.ts'
import { bind } from '../../src/statement/binding.ts'
import { encodeStatement } from '../../src/statement/statement.ts'
import { type CircuitInputs, circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'
import { batchFixture } from '../helpers/fixtures.ts'

const LEDGER = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

describe('witness thread', () => {
  const never = new AbortController().signal
  let thread: WitnessThread
  let inputs: CircuitInputs
  before(async function () {
    this.timeout(600_000) // builds the circuit where it is missing
    const artifacts = await ensureCircuit('two-choice-4-8')
    const { shape, verifierId } = circuitFacts(artifacts)
    const witness = batchFixture(4, 6)
    const words = encodeStatement(shape, routeBatch(witness).statement)
    const binding = bind({ chainId: 31337n, ledger: LEDGER, beneficiary: LEDGER, verifierId }, words)
    inputs = circuitInputs(shape, witness, binding)
    thread = new WitnessThread({ wasm: artifacts.paths.wasm })
  })
  afterEach(() => thread.close())

  it('finds the witness of an honest batch, and again in the same thread', async () => {
    expect(await thread.check(inputs, never)).to.equal(undefined)
    expect(await thread.check(inputs, never)).to.equal(undefined)
  })

  it('finds none for another statement, nor for inputs that the circuit does not have, and goes on', async () => {
    expect(await thread.check({ ...inputs, blindAfter: 3n }, never)).to.equal('WITNESS_UNSATISFIED')
    expect(await thread.check({ ...inputs, size: [1n] }, never)).to.equal('WITNESS_INPUT_INVALID')
    expect(await thread.check(inputs, never)).to.equal(undefined)
  })

  it('ends a check that is no longer wanted, and starts anew', async () => {
    const stop = new AbortController()
    const checking = catchError(() => thread.check(inputs, stop.signal))
    stop.abort()
    expect((await checking).code).to.equal('PROVER_CRASHED')
    expect(await thread.check(inputs, never)).to.equal(undefined)
  })

  it('says that it could not tell when the circuit cannot be read', async () => {
    const lost = new WitnessThread({ wasm: '/nowhere/circuit.wasm' })
    expect((await catchError(() => lost.check(inputs, never))).code).to.equal('PROOF_FAILED')
    await lost.close()
  })
})
