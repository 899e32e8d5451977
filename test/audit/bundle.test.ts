import { expect } from 'chai'
import { Signature } from 'ethers'
import fc from 'fast-check'
import { auditBundle, type BundleContext, type ChainSide } from '../../src/audit/bundle.ts'
import { rebuild } from '../../src/audit/rebuild.ts'
import { type AuditReport, report } from '../../src/audit/report.ts'
import { bind } from '../../src/statement/binding.ts'
import { termsHash } from '../../src/statement/record.ts'
import { catchError } from '../helpers/catch-error.ts'
import { hashProof, ledgerFixture, SHAPE } from './ledger-fixture.ts'

const INDEX = 1

/** The bundle that a service would give of a batch, in JSON, and the chain that it is held against. */
function bundleFixture(): { text: string; context: BundleContext; side: ChainSide } {
  const { config, epochs, batches } = ledgerFixture()
  const [epoch] = epochs
  const batch = batches[INDEX]
  const verifier = epoch?.verifiers[0]
  if (!epoch || !batch || !verifier) throw new Error('the fixture has no such batch')
  const rebuilt = rebuild(SHAPE, epoch, { ...batch.submission.previous, counters: [0n, 0n, 0n, 0n] }, batch.submission)
  let step = rebuilt.next()
  while (!step.done) step = rebuilt.next()
  if (!step.value) throw new Error('the fixture is malformed')
  const { statement, words } = step.value
  const { beneficiary, digest, proof } = batch.submission
  const { alpha, y } = bind({ ...config, beneficiary, verifierId: verifier.verifierId }, words)
  const bundle = {
    epoch: batch.epoch,
    index: batch.index,
    state: 'accepted',
    time: statement.time,
    count: batch.count,
    deferred: statement.assignments.filter((byte) => byte === 0).length,
    circuit: 'two-choice-4-8',
    chainId: config.chainId,
    ledger: config.ledger,
    statement,
    statementHash: batch.statementHash,
    orderRoot: batch.orderRoot,
    head: batch.head,
    terms: termsHash(statement),
    record: batch.record,
    signer: epoch.signer,
    signature: Signature.from(batch.submission.signature).serialized,
    proof: { words: proof, digest, alpha, y, beneficiary, verifierId: verifier.verifierId },
  }
  const text = JSON.stringify(bundle, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  const side = { epoch, batch }
  return { text, side, context: { verifiers: [{ ...verifier, circuit: 'two-choice-4-8' }], chain: side } }
}

/** As the command line reads a file: what is no JSON is no bundle. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('auditBundle', () => {
  const { text, context, side } = bundleFixture()
  const audit = (bundle: unknown, against: BundleContext = context): Promise<AuditReport> =>
    report(auditBundle(bundle, against, hashProof))

  it('passes an honest bundle, with and without a chain', async () => {
    expect((await audit(parse(text))).failures).to.deep.equal([])
    expect((await audit(parse(text), { verifiers: context.verifiers })).failures).to.deep.equal([])
  })

  for (const [where, against] of [
    ['a chain to ask', context],
    ['the bundle alone', { verifiers: context.verifiers }],
  ] as const) {
    it(`rejects every flipped bit of its text, with ${where}`, async () => {
      const bytes = Buffer.from(text)
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
          const bent = Buffer.from(bytes)
          bent.writeUInt8(bent.readUInt8(at) ^ (1 << bit), at)
          expect(await audit(parse(bent.toString('latin1')), against).catch(({ code }) => code)).to.satisfy(
            (result: unknown) =>
              result === 'KEY_UNKNOWN' || (typeof result === 'object' && !(result as AuditReport).ok),
          )
        }),
        { numRuns: 150 },
      )
    })
  }

  it('tells upper from lower case wherever it is not hex', async () => {
    const { failures } = await audit(parse(text.replace('two-choice', 'two-Choice')))
    expect(failures.map(({ name }) => name)).to.deep.equal(['bundle-circuit'])
  })

  it('rejects a bundle of another batch of the same ledger', async () => {
    const other = ledgerFixture().batches[0]
    if (!other) throw new Error('the fixture has no such batch')
    const { failures } = await audit(parse(text), { ...context, chain: { ...side, batch: other } })
    expect(failures[0]?.name).to.equal('bundle-chain')
    const none = await audit(parse(text), { ...context, chain: 'not accepted' })
    expect(none.failures.map(({ name }) => name)).to.deep.equal(['bundle-chain'])
  })

  it('rejects a wrong statement under right hashes, by name', async () => {
    const bundle = JSON.parse(text)
    bundle.statement.fees[0] = String(BigInt(bundle.statement.fees[0]) + 1n)
    expect((await audit(bundle)).failures.map(({ name }) => name)).to.include.members([
      'statement-hash',
      'bundle-terms',
      'proof',
    ])
  })

  it('has no verdict on a batch that is not accepted, or under a key that nobody knows', async () => {
    const early = { ...JSON.parse(text), state: 'proven' }
    expect((await catchError(() => audit(early))).code).to.equal('BUNDLE_INCOMPLETE')
    expect((await catchError(() => audit(parse(text), { verifiers: [] }))).code).to.equal('KEY_UNKNOWN')
  })

  it('rejects what is no bundle at all', async () => {
    for (const junk of [undefined, null, 7, [], {}, { index: '1' }]) {
      expect((await audit(junk)).failures[0]?.name).to.equal('bundle-form')
    }
  })
})
