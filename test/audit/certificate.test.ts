import { expect } from 'chai'
import { computeAddress, SigningKey } from 'ethers'
import { readCertificate, verifyCertificate, writeCertificate } from '../../src/audit/certificate.ts'
import type { Certificate } from '../../src/audit/certificate-schema.ts'
import type { CertificateWorld } from '../../src/audit/certificate-world.ts'
import {
  DuplicateFinder,
  type FoundBatch,
  findBrokenReceipt,
  findContradictions,
  openedBatch,
} from '../../src/audit/find-violation.ts'
import { isVoid } from '../../src/audit/is-void.ts'
import { rebuildAlone } from '../../src/audit/range.ts'
import type { SignedReport } from '../../src/audit/records.ts'
import { findUnreported } from '../../src/audit/unreported.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { type ServedReport, servedDigest } from '../../src/order/served.ts'
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
    isVoid: async () => false,
    answerOf: async () => 'unasked',
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

  it('prove nothing of a receipt that was given up with its epoch, but for two that contradict each other', async () => {
    const abandoned = [{ ...epochs[0], epoch: 1n, abandoned: true, end: 0n }]
    const given = { ...world, isVoid: async (epoch: bigint, batch: bigint) => isVoid(abandoned, epoch, batch) }
    expect(await verdict(overdue, given)).to.equal('refuted')
    expect(await verdict(broken, given)).to.equal('refuted')
    expect(await verdict(certificates.pair, given)).to.equal('proven')
    const later = [{ epoch: 1n, abandoned: true, end: 10n }]
    const kept = { ...world, isVoid: async (epoch: bigint, batch: bigint) => isVoid(later, epoch, batch) }
    expect(await verdict(overdue, kept)).to.equal('proven')
  })

  describe('of served work without a report', () => {
    const [epoch] = epochs.slice(1)
    const [applied] = found.slice(3)
    if (!epoch || !applied) throw new Error('the fixture has two epochs')
    const key = new SigningKey(hex32(8n))
    const reportSigners = epoch.policy.reportSigners.map(() => computeAddress(key))
    const signedBy = { epoch: 2n, policy: { ...epoch.policy, reportSigners } }
    const report = (change: Partial<ServedReport> = {}): SignedReport => {
      const said = { epoch: 2n, shard: 1, counter: 1000n, time: applied.statement.time, ...change }
      return { ...said, signature: key.sign(servedDigest(domainSeparator(config), said)).serialized }
    }
    const find = (reports: readonly SignedReport[], shard = 1) =>
      findUnreported(config, applied, signedBy, shard, reports)
    const certificate = find([])

    it('ask for it, and are a question until somebody was asked and had none', async () => {
      expect(await verdict(certificate)).to.equal('question')
      const answers = { asked: 'question', unknown: 'question', shown: 'refuted', missing: 'proven' } as const
      // The keys are those of the table.
      for (const [answer, expected] of Object.entries(answers))
        expect(await verdict(certificate, { ...world, answerOf: async () => answer as 'shown' })).to.equal(expected)
      expect(certificate && readCertificate(writeCertificate(certificate))).to.deep.equal(certificate)
    })

    it('are made only where no report at hand shows as much', () => {
      expect(find([report()])).to.equal(undefined)
      const others = [{ counter: 999n }, { epoch: 1n }, { shard: 2 }, { time: applied.statement.time + 1n }]
      for (const change of others)
        expect(find([report(change)])?.kind, String(Object.keys(change))).to.equal('served-unreported')
      expect(find([{ ...report(), signature: report({ counter: 1n }).signature }])?.kind).to.equal('served-unreported')
    })

    it('prove nothing for a shard that does not report, or whose work was not applied', async () => {
      expect(find([], 2)).to.equal(undefined)
      if (certificate?.kind !== 'served-unreported') return expect.fail('another kind')
      expect(await verdict({ ...certificate, shard: 2 })).to.equal('refuted')
      expect(await verdict({ ...certificate, shard: 40 })).to.equal('refuted')
      const first = found[0] ?? expect.fail('no batch')
      expect(await verdict({ ...certificate, batch: openedBatch(first) })).to.equal('refuted')
    })
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
