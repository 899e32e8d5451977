import { expect } from 'chai'
import { ensureCircuit } from '../../src/proof/build.ts'
import { circuitFacts } from '../../src/service/open-service.ts'
import type { CheckedBatch } from '../../src/service/ports.ts'
import { WitnessThread } from '../../src/service/witness-thread.ts'
import { encodeStatement } from '../../src/statement/statement.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'
import { batchFixture } from '../helpers/fixtures.ts'

const LEDGER = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

describe('witness thread', () => {
  const never = new AbortController().signal
  let thread: WitnessThread
  let batch: CheckedBatch
  before(async function () {
    this.timeout(600_000) // builds the circuit where it is missing
    const artifacts = await ensureCircuit('two-choice-4-8')
    const { shape, verifierId } = circuitFacts(artifacts)
    const witness = batchFixture(4, 6)
    const words = encodeStatement(shape, routeBatch(witness).statement)
    const context = { chainId: 31337n, ledger: LEDGER, beneficiary: LEDGER, verifierId }
    batch = { shape, context, words, witness }
    thread = new WitnessThread({ wasm: artifacts.paths.wasm })
  })
  afterEach(() => thread.close())

  it('finds the witness of an honest batch, and again in the same thread', async () => {
    expect(await thread.check(batch, never)).to.equal(undefined)
    expect(await thread.check(batch, never)).to.equal(undefined)
  })

  it('finds none for another statement, nor for inputs that the circuit does not have, and goes on', async () => {
    const other = { ...batch, witness: { ...batch.witness, blindAfter: 3n } }
    expect(await thread.check(other, never)).to.equal('WITNESS_UNSATISFIED')
    const longer = { ...batch, shape: { ...batch.shape, slots: 9 } }
    expect(await thread.check(longer, never)).to.equal('WITNESS_INPUT_INVALID')
    expect(await thread.check(batch, never)).to.equal(undefined)
  })

  it('ends a check that is no longer wanted, and starts anew', async () => {
    const stop = new AbortController()
    const checking = catchError(() => thread.check(batch, stop.signal))
    stop.abort()
    expect((await checking).code).to.equal('PROVER_CRASHED')
    expect(await thread.check(batch, never)).to.equal(undefined)
  })

  it('says that it could not tell when the circuit cannot be read', async () => {
    const lost = new WitnessThread({ wasm: '/nowhere/circuit.wasm' })
    expect((await catchError(() => lost.check(batch, never))).code).to.equal('PROOF_FAILED')
    await lost.close()
  })
})
