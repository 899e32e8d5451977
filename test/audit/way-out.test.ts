import { expect } from 'chai'
import { auditLedger } from '../../src/audit/audit.ts'
import { entered, rebuild } from '../../src/audit/rebuild.ts'
import type { BatchRecord, EpochRecord, RegistryEvent } from '../../src/audit/records.ts'
import { report } from '../../src/audit/report.ts'
import { epochs as epochStep } from '../../src/audit/steps/epochs.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { resetStates, stateHash } from '../../src/route/state.ts'
import { sealSeed } from '../../src/statement/record.ts'
import { element } from '../helpers/fixtures.ts'
import { hashProof, type LedgerFixture, ledgerFixture, SHAPE } from './ledger-fixture.ts'

const failures = async (ledger: LedgerFixture): Promise<string[]> =>
  (await report(auditLedger(ledger, { verifyProofs: hashProof }))).failures.map(({ name }) => name)

/** The fixture with something told of its first epoch before the second one is announced. */
function told(event: RegistryEvent, change: Partial<EpochRecord>): LedgerFixture {
  const ledger = ledgerFixture()
  const [first, second] = ledger.epochs
  if (!first || !second) throw new Error('the fixture has two epochs')
  const events = ledger.registry.events.toSpliced(-1, 0, event)
  return { ...ledger, epochs: [{ ...first, ...change }, second], registry: { ...ledger.registry, events } }
}

describe('the auditor follows the way out of a stuck ledger', () => {
  const ended: RegistryEvent = { kind: 'ended', time: 9000n, epoch: 1n, nextIndex: 3n }

  it('an abandoned epoch is followed at its end, as the events tell', async () => {
    expect(await failures(told(ended, { abandoned: true, end: 3n }))).to.deep.equal([])
    expect(await failures(told(ended, { abandoned: true, end: 4n }))).to.include('epoch-sequence')
    expect(await failures(told(ended, {}))).to.include('epoch-announced')
    expect(await failures(told({ ...ended, nextIndex: 2n }, { abandoned: true, end: 3n }))).to.include(
      'epoch-announced',
    )
  })

  it('a waiting epoch that was abandoned had no batch', async () => {
    const ledger = told(ended, { abandoned: true, end: 3n })
    const [first, second] = ledger.epochs
    const announced = ledger.registry.events.at(-1)
    if (!first || !second || announced?.kind !== 'announced') throw new Error('the fixture has two epochs')
    const waiting = { ...second, epoch: 2n, abandoned: true, end: 3n, seed: 0n, seedBlockHash: undefined }
    const last = { ...second, epoch: 3n }
    const events = ledger.registry.events.toSpliced(-2, 2, { ...announced, firstBatch: 5n }, ended, {
      ...announced,
      epoch: 3n,
    })
    const found = await failures({
      ...ledger,
      epochs: [first, waiting, last],
      registry: { ...ledger.registry, events },
    })
    // Seed, head and signatures of the fixture are those of an epoch 2.
    expect(found).to.not.include.members(['epoch-sequence'])
    expect(found).to.not.include.members(['epoch-announced'])
  })

  it('a renewed seed block takes the place of the one that was announced', async () => {
    const renewed: RegistryEvent = { kind: 'renewed', time: 4800n, epoch: 1n, seedBlock: 12n }
    expect(await failures(told(renewed, {}))).to.include('epoch-announced')
    const ledger = told(renewed, { seedBlock: 12n })
    expect(await failures({ ...ledger, blockHashes: new Map() })).to.deep.equal([])
  })

  it('an epoch starts its counters from 0, and from the reset state when it says so', () => {
    const { batches } = ledgerFixture()
    const { previous } = batches[4]?.submission ?? expect.fail('the fixture has five batches')
    const head = { ...previous, epoch: 1n, counters: [1n, 2n, 3n, 4n] }
    expect(entered(head, { epoch: 1n }, 4)).to.deep.equal(head)
    expect(entered(head, { epoch: 2n }, 4)).to.deep.equal({ ...head, counters: [0n, 0n, 0n, 0n] })
    expect(entered(head, { epoch: 2n, fromReset: true }, 4).state).to.equal(stateHash(0n, resetStates(4)))
  })
})

describe('the auditor in sealed mode', () => {
  const { config, epochs, batches } = ledgerFixture()
  const epoch = epochs[0] ?? expect.fail('the fixture has two epochs')
  const batch = batches[0] ?? expect.fail('the fixture has five batches')
  const blockHash = hex32(element(60))
  const seal = { seed: sealSeed(config, epoch.epoch, batch.index, blockHash), blockHash }
  const failed = (sealedMode: boolean, change: Partial<BatchRecord>): string[] =>
    [...epochStep.batch({ config, batch: { ...batch, ...change }, epoch: { ...epoch, sealedMode } })]
      .filter(({ ok }) => !ok)
      .map(({ name }) => name)

  it("takes a batch's own seed, if it follows from the block that its seal fixed", () => {
    expect(failed(true, { seal })).to.deep.equal([])
    expect(failed(true, { seal: { ...seal, seed: seal.seed + 1n } })).to.deep.equal(['epoch-seed'])
    expect(failed(true, {})).to.deep.equal(['epoch-seed'])
    expect(failed(false, { seal })).to.deep.equal(['epoch-seed'])
    expect(failed(false, {})).to.deep.equal([])
  })

  it('rebuilds V with it', () => {
    const before = { ...batch.submission.previous, counters: [0n, 0n, 0n, 0n] }
    const rebuilt = rebuild(SHAPE, epoch, before, { ...batch, seal })
    expect(typeof rebuilt === 'string' ? rebuilt : rebuilt.statement.seed).to.equal(seal.seed)
  })

  it('refuses a batch behind which the head does not fit its word', () => {
    const before = { ...batch.submission.previous, counters: [0n, 0n, 0n, 0n] }
    const last = { ...before, nextIndex: 2n ** 64n - 1n }
    expect(rebuild(SHAPE, epoch, { ...last, nextIndex: last.nextIndex - 1n }, batch)).to.be.an('object')
    expect(rebuild(SHAPE, epoch, last, batch)).to.be.a('string')
  })
})
