import { expect } from 'chai'
import {
  type CertificateWorld,
  readCertificate,
  verifyCertificate,
  writeCertificate,
} from '../../src/audit/certificate.ts'
import type { Certificate } from '../../src/audit/certificate-schema.ts'
import {
  DuplicateFinder,
  type FoundBatch,
  findBrokenReceipt,
  findContradictions,
} from '../../src/audit/find-violation.ts'
import { rebuildAlone } from '../../src/audit/range.ts'
import { ledgerFixture, receiptFixture } from './ledger-fixture.ts'

describe('certificates', () => {
  const { config, epochs, batches } = ledgerFixture()
  const found = batches.map((batch): FoundBatch => {
    const rebuilt = rebuildAlone(config, epochs, batch)
    if (typeof rebuilt === 'string') return expect.fail(rebuilt)
    return { ...rebuilt, epoch: rebuilt.epoch.epoch, slots: 8, beneficiary: batch.submission.beneficiary }
  })
  const promised = (batches[0]?.submission.time ?? 0n) / 1_000_000n
  const world: CertificateWorld = {
    ...config,
    record: async (index) => batches[Number(index)]?.record,
    signer: async (epoch) => epochs.find(({ epoch: number }) => number === epoch)?.signer,
    epochOf: async (index) => epochs.findLast(({ firstBatch }) => firstBatch <= index)?.epoch,
    timeS: promised + 700n,
    deadlineS: 600,
  }
  const verdict = async (certificate: Certificate | undefined, at = world) =>
    certificate ? (await verifyCertificate(certificate, at)).verdict : 'none'

  const broken = findBrokenReceipt(config, receiptFixture(batches[0], 0, { commitment: 5n }), found[0])
  const pair = [receiptFixture(batches[0], 0), receiptFixture(batches[0], 1, { slot: 0 })]
  const overdue = findBrokenReceipt(config, receiptFixture(batches[0], 0, { batch: 9n }), undefined)
  const certificates = { broken, pair: [...findContradictions(config, pair)][0], overdue }

  for (const [what, certificate] of Object.entries(certificates)) {
    it(`prove a violation (${what}), and survive being written`, async () => {
      expect(await verdict(certificate)).to.equal('proven')
      expect(certificate && readCertificate(writeCertificate(certificate))).to.deep.equal(certificate)
    })

    it(`prove nothing (${what}) on another ledger or chain, under another signer, or where nobody tells`, async () => {
      expect(await verdict(certificate, { ...world, chainId: 1n })).to.equal('refuted')
      expect(await verdict(certificate, { ...world, ledger: `0x${'22'.repeat(20)}` })).to.equal('refuted')
      expect(await verdict(certificate, { ...world, signer: async () => `0x${'33'.repeat(20)}` })).to.equal('refuted')
      expect(await verdict(certificate, { ...world, signer: async () => undefined })).to.equal('unknown')
    })
  }

  it('prove nothing of an honest receipt', async () => {
    expect(findBrokenReceipt(config, receiptFixture(batches[0], 0), found[0])).to.equal(undefined)
    const forced = broken?.kind === 'receipt-contradicted' && { ...broken, receipt: receiptFixture(batches[0], 0) }
    expect(forced && (await verdict(forced))).to.equal('refuted')
  })

  it('prove nothing with a batch that the ledger recorded otherwise', async () => {
    if (broken?.kind !== 'receipt-contradicted') return expect.fail('another kind')
    const words = broken.batch.words.map((word, i) => (i === 4 ? word + 1n : word))
    expect(await verdict({ ...broken, batch: { ...broken.batch, words } })).to.equal('refuted')
    expect(await verdict({ ...broken, batch: { ...broken.batch, slots: 9 } })).to.equal('refuted')
    expect(await verdict({ ...broken, batch: { ...broken.batch, head: `0x${'00'.repeat(32)}` } })).to.equal('refuted')
    expect(await verdict(broken, { ...world, record: async () => undefined })).to.equal('refuted')
    expect(await verdict(broken, { ...world, record: async () => 'unknown' })).to.equal('unknown')
  })

  it('are not overdue before the deadline, nor once the batch is accepted', async () => {
    expect(await verdict(overdue, { ...world, timeS: promised + 600n })).to.equal('refuted')
    expect(await verdict(overdue, { ...world, record: async () => `0x${'11'.repeat(32)}` })).to.equal('refuted')
    expect(await verdict(overdue, { ...world, deadlineS: undefined })).to.equal('unknown')
  })

  it('find no duplicate in an honest ledger', () => {
    const finder = new DuplicateFinder(config)
    expect(found.map((batch) => finder.add(batch))).to.deep.equal(found.map(() => undefined))
  })

  it('hold a duplicate against both of its batches', async () => {
    const commitment = found[0]?.statement.commitments[0] ?? 0n
    const finder = new DuplicateFinder(config)
    const [first] = found
    if (!first) return expect.fail('no batch')
    finder.add(first)
    const twice = finder.add(first)
    // Batch 0 again is one batch, not two.
    expect(twice?.kind).to.equal('duplicate-commitment')
    expect(await verdict(twice)).to.equal('refuted')
    const once: Certificate | undefined =
      twice?.kind === 'duplicate-commitment' ? { ...twice, commitment, batches: twice.batches.slice(0, 1) } : undefined
    expect(await verdict(once)).to.equal('refuted')
  })
})
