import { expect } from 'chai'
import { auditLedger } from '../../src/audit/audit.ts'
import { entered, rebuild } from '../../src/audit/rebuild.ts'
import type { BatchRecord, EpochRecord, RegistryEvent } from '../../src/audit/records.ts'
import { report } from '../../src/audit/report.ts'
import { epochs as epochStep } from '../../src/audit/steps/epochs.ts'
import { roots } from '../../src/audit/steps/roots.ts'
import { whereIs } from '../../src/audit/where-is.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { resetStates, stateHash } from '../../src/route/state.ts'
import { NO_END, sealHash, sealSeed } from '../../src/statement/record.ts'
import { element } from '../helpers/fixtures.ts'
import { hashProof, type LedgerFixture, ledgerFixture, receiptFixture, SHAPE } from './ledger-fixture.ts'

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

  it('an epoch that was not given up ends where the next begins, and the latest has no end', async () => {
    const ledger = ledgerFixture()
    const [first, second] = ledger.epochs
    if (!first || !second) throw new Error('the fixture has two epochs')
    const ends = (one: bigint, other: bigint) =>
      failures({
        ...ledger,
        epochs: [
          { ...first, end: one },
          { ...second, end: other },
        ],
      })
    expect(await ends(second.firstBatch, NO_END)).to.deep.equal([])
    expect(await ends(second.firstBatch - 1n, NO_END)).to.deep.equal(['epoch-announced'])
    expect(await ends(NO_END, NO_END)).to.deep.equal(['epoch-announced'])
    expect(await ends(second.firstBatch, NO_END - 2n ** 63n)).to.deep.equal(['epoch-announced'])
  })

  it('an epoch starts from the reset state after an abandonment only', async () => {
    const reset = (before: Partial<EpochRecord>) => {
      const { config, epochs } = ledgerFixture()
      const [first, second] = epochs
      if (!first || !second) throw new Error('the fixture has two epochs')
      const context = { config, epoch: { ...second, fromReset: true }, before: { ...first, ...before } }
      return [...epochStep.epoch(context)].filter(({ ok }) => !ok).map(({ at }) => at)
    }
    expect(reset({ abandoned: true, end: 3n })).to.deep.equal([])
    expect(reset({})).to.deep.equal(['fromReset'])
  })

  it('receipts that were given up with their epoch are neither broken nor overdue', async () => {
    const ledger = told(ended, { abandoned: true, end: 3n })
    const config = { ...ledger.config, deadlineS: 600 }
    const outcome = async (change: Parameters<typeof receiptFixture>[2]) => {
      const receipts = [receiptFixture(ledger.batches[0], 0, change)]
      const timeS = (ledger.batches[4]?.submission.time ?? 0n) / 1_000_000n + 601n
      const { verdict, failures } = await report(
        auditLedger({ ...ledger, config }, { verifyProofs: hashProof, receipts, timeS }),
      )
      return [verdict, ...failures.map(({ name }) => name)]
    }
    expect(await outcome({ batch: 3n })).to.deep.equal(['good'])
    expect(await outcome({ batch: 9n })).to.deep.equal(['good'])
    expect(await outcome({ batch: 2n })).to.deep.equal(['violated', 'receipt-kept'])
    expect(await outcome({ epoch: 2n, batch: 9n })).to.deep.equal(['violated', 'receipt-overdue'])
  })

  it('and a trader is told so', () => {
    const { config, epochs, batches } = ledgerFixture()
    const receipt = receiptFixture(batches[0], 0, { batch: 9n })
    const context = { config, signer: epochs[0]?.signer, batch: undefined, nowS: 2n ** 40n, deadlineS: 600 }
    expect(whereIs(receipt, context).fate).to.equal('overdue')
    expect(whereIs(receipt, { ...context, isGivenUp: true }).fate).to.equal('given-up')
    expect(whereIs(receipt, { ...context, isGivenUp: true, signer: `0x${'11'.repeat(20)}` }).fate).to.equal('void')
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
  const seed = sealSeed(config, epoch.epoch, batch.index, blockHash)
  const sealed = sealHash(batch.submission, [0n, 0n, 0n, 0n])
  const seal = { seed, blockHash, sealHash: sealed, chainHash: blockHash }
  const failed = (sealedMode: boolean, change: Partial<BatchRecord>): string[] =>
    [...epochStep.batch({ config, batch: { ...batch, ...change }, epoch: { ...epoch, sealedMode } })]
      .filter(({ ok }) => !ok)
      .map(({ name }) => name)

  it("takes a batch's own seed, if it follows from the block that its seal fixed", () => {
    expect(failed(true, { seal })).to.deep.equal([])
    expect(failed(true, { seal: { ...seal, seed: seal.seed + 1n } })).to.deep.equal(['epoch-seed'])
    expect(failed(true, { seal: { ...seal, chainHash: hex32(5n) } })).to.deep.equal(['epoch-seed'])
    expect(failed(true, {})).to.deep.equal(['epoch-seed'])
    expect(failed(false, { seal })).to.deep.equal(['epoch-seed'])
    expect(failed(false, {})).to.deep.equal([])
  })

  it('rebuilds V with it', () => {
    const before = { ...batch.submission.previous, counters: [0n, 0n, 0n, 0n] }
    const rebuilt = rebuild(SHAPE, epoch, before, { ...batch, seal })
    if (typeof rebuilt === 'string') return expect.fail(rebuilt)
    expect(rebuilt.statement.seed).to.equal(seal.seed)
    const seals = (hash: string) =>
      [...roots.batch({ ...rebuilt, batch: { ...batch, seal: { ...seal, sealHash: hash } } })].find(
        ({ name }) => name === 'batch-seal',
      )?.ok
    expect([seals(sealed), seals(hex32(6n))]).to.deep.equal([true, false])
  })

  it('refuses a batch behind which the head does not fit its word', () => {
    const before = { ...batch.submission.previous, counters: [0n, 0n, 0n, 0n] }
    const last = { ...before, nextIndex: 2n ** 64n - 1n }
    expect(rebuild(SHAPE, epoch, { ...last, nextIndex: last.nextIndex - 1n }, batch)).to.be.an('object')
    expect(rebuild(SHAPE, epoch, last, batch)).to.be.a('string')
  })
})
