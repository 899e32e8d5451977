import { expect } from 'chai'
import { auditLedger, LedgerAudit } from '../../src/audit/audit.ts'
import { readReceipt } from '../../src/audit/receipt-schema.ts'
import type { SignedReceipt } from '../../src/audit/records.ts'
import { report } from '../../src/audit/report.ts'
import { jsonText } from '../../src/base/json.ts'
import { hashProof, ledgerFixture, receiptFixture } from './ledger-fixture.ts'

const DEADLINE_S = 600

describe('receipts held against a ledger', () => {
  const ledger = ledgerFixture()
  const [first, second, , fourth, last] = ledger.batches
  const config = { ...ledger.config, deadlineS: DEADLINE_S }
  const promisedS = (last?.submission.time ?? 0n) / 1_000_000n
  const audit = (receipts: readonly SignedReceipt[], timeS = promisedS) =>
    report(auditLedger({ ...ledger, config }, { verifyProofs: hashProof, receipts, timeS }))
  const outcome = async (receipts: readonly SignedReceipt[], timeS?: bigint) => {
    const { failures, unchecked, verdict } = await audit(receipts, timeS)
    return [verdict, ...failures.map(({ name }) => name), ...unchecked.map(({ name }) => name)]
  }

  it('are kept when the batches say what they promised, deferred and sealed ones too', async () => {
    const sealed = receiptFixture(second, 1, { assignment: 255 })
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((slot) => receiptFixture(first, slot))
    expect(await outcome([...all, sealed, receiptFixture(fourth, 7)])).to.deep.equal(['good'])
  })

  const broken: Record<string, Parameters<typeof receiptFixture>[2]> = {
    'another order': { commitment: 5n },
    'another shard': { assignment: 7 },
    'a slot past the end': { slot: 30 },
    'an admission before the batch': { time: (first?.submission.time ?? 0n) - 1n },
  }
  for (const [what, change] of Object.entries(broken))
    it(`are broken by ${what}`, async () => {
      expect(await outcome([receiptFixture(first, 0, change)])).to.deep.equal(['violated', 'receipt-kept'])
    })

  it('are void when the epoch has another signer, or none', async () => {
    const [good, other] = [receiptFixture(first, 0), receiptFixture(first, 1)]
    expect(await outcome([{ ...good, signature: other.signature }])).to.deep.equal(['violated', 'receipt-signature'])
    expect(await outcome([receiptFixture(first, 0, { epoch: 9n })])).to.deep.equal(['violated', 'receipt-signature'])
  })

  it('contradict each other on one slot, and on one accepted order', async () => {
    const later = { batch: 9n, time: last?.submission.time ?? 0n }
    const [one, other] = [receiptFixture(first, 0, later), receiptFixture(first, 1, { ...later, slot: 0 })]
    expect(await outcome([one, other])).to.include('receipt-once')
    const again = receiptFixture(first, 0, { ...later, slot: 3, assignment: 2 })
    expect(await outcome([receiptFixture(first, 0, { ...later, assignment: 1 }), again])).to.include('receipt-once')
    expect(await outcome([one, one])).to.not.include('receipt-once')
    const deferred = receiptFixture(first, 0, { ...later, slot: 3, assignment: 0 })
    expect(await outcome([receiptFixture(first, 0, { ...later, assignment: 1 }), deferred])).to.not.include(
      'receipt-once',
    )
  })

  it('are overdue once the deadline has passed without their batch, and not a second before', async () => {
    const coming = receiptFixture(last, 0, { batch: 5n })
    expect(await outcome([coming], promisedS + BigInt(DEADLINE_S))).to.deep.equal(['unchecked', 'receipt-kept'])
    expect(await outcome([coming], promisedS + BigInt(DEADLINE_S) + 1n)).to.deep.equal(['violated', 'receipt-overdue'])
  })

  it('are not overdue in an audit that ends before the chain does: their batch may be there', async () => {
    const audit = new LedgerAudit(config, ledger.epochs, {
      receipts: [receiptFixture(last, 0, { batch: 5n })],
      timeS: promisedS + BigInt(DEADLINE_S) + 1n,
    })
    const { verdict, unchecked } = await report(audit.closing(undefined))
    expect([verdict, ...unchecked.map(({ name }) => name)]).to.deep.equal(['unchecked', 'receipt-kept'])
  })

  it('are read by themselves, or in the answer that they came with', () => {
    const receipt = receiptFixture(first, 0)
    const wire = JSON.parse(jsonText(receipt))
    expect(readReceipt(wire)).to.deep.equal(receipt)
    expect(readReceipt({ status: 'accepted', receipt: wire })).to.deep.equal(receipt)
    for (const other of [undefined, 7, {}, { ...wire, slot: '0' }, { ...wire, time: '01' }, { ...wire, note: '' }])
      expect(readReceipt(other)).to.equal(undefined)
  })
})
