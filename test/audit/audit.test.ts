import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { auditLedger } from '../../src/audit/audit.ts'
import { CHECKS } from '../../src/audit/check.ts'
import { type AuditReport, report } from '../../src/audit/report.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { catchError } from '../helpers/catch-error.ts'
import { flip, leaves } from './flip.ts'
import { hashProof, type LedgerFixture, ledgerFixture } from './ledger-fixture.ts'

const audit = (ledger: LedgerFixture): Promise<AuditReport> => report(auditLedger(ledger, hashProof))
const firstFailure = async (ledger: LedgerFixture): Promise<string | undefined> =>
  (await audit(ledger)).failures[0]?.name

/** What the auditor takes from the endpoint alone: immutables, block times, and what no verdict rests on. */
const UNBOUND = ['seedBlock', 'minInterval', 'blockTime', 'transaction', 'gasUsed']

describe('auditLedger', () => {
  const honest = ledgerFixture()

  it('passes an honest ledger of full, partial and empty batches in two epochs', async () => {
    const { ok, failures, batches, epochs } = await audit(honest)
    expect(failures).to.deep.equal([])
    expect([ok, batches, epochs]).to.deep.equal([true, 5, 2])
  })

  it('rejects a seed whose block the chain does not have', async () => {
    const ledger = ledgerFixture()
    ledger.blockHashes.set(11n, ledger.blockHashes.get(12n) ?? '')
    expect((await audit(ledger)).failures).to.have.length(1)
    expect(await firstFailure(ledger)).to.equal('epoch-seed')
  })

  it('has no verdict when a verifying key is unknown', async () => {
    const ledger = ledgerFixture()
    for (const epoch of ledger.epochs) {
      Object.assign(epoch, { verifiers: epoch.verifiers.map((verifier) => ({ ...verifier, keyWords: undefined })) })
    }
    expect((await catchError(() => audit(ledger))).code).to.equal('KEY_UNKNOWN')
  })

  it('rejects every single flipped bit of calldata, events, storage and epochs', async () => {
    const paths = leaves(honest).filter((path) => !UNBOUND.includes(String(path.at(-1))))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(255), async (path, bit) => {
        expect((await audit(flip(honest, path, bit))).ok, path.join('.')).to.equal(false)
      }),
      { numRuns: 40 },
    )
  })

  it('rejects a bent value in every single field', async () => {
    const ledger = ledgerFixture()
    const paths = leaves(ledger).filter((path) => !UNBOUND.includes(String(path.at(-1))))
    const shapes = new Map(paths.map((path) => [path.filter((key) => typeof key === 'string').join('.'), path]))
    for (const [name, path] of shapes) expect((await audit(flip(ledger, path, 0))).ok, name).to.equal(false)
  })

  it('knows every name that it reports', async () => {
    for await (const { name } of auditLedger(honest, hashProof)) expect(CHECKS).to.have.property(name)
  })

  /** One forgery a check: what is bent, and the check that must be the first to say so. */
  const forgeries: Record<string, (ledger: LedgerFixture) => unknown> = {
    'genesis-state': ({ config }) => Object.assign(config, { genesisState: 5n }),
    'epoch-sequence': ({ epochs }) => Object.assign(epochs[1] ?? {}, { firstBatch: 0n }),
    'epoch-key': ({ epochs }) => Object.assign(epochs[0] ?? {}, { keyCommit: 0n }),
    'epoch-seed': ({ epochs }) => Object.assign(epochs[0] ?? {}, { seed: 9n }),
    'policy-rules': ({ epochs }) => Object.assign(epochs[0]?.policy ?? {}, { feeWord: 0n }),
    'policy-hash': ({ epochs }) => Object.assign(epochs[0] ?? {}, { policyHash: epochs[1]?.policyHash }),
    'policy-words': ({ epochs }) => Object.assign(epochs[0] ?? {}, { policyWords: epochs[1]?.policyWords }),
    'verifier-id': ({ epochs }) => Object.assign(epochs[0]?.verifiers[0] ?? {}, { slots: 16 }),
    'verifier-shape': ({ epochs }) => Object.assign(epochs[0]?.verifiers[0] ?? {}, { kind: 1 }),
    'verifier-key': ({ epochs }) => Object.assign(epochs[0]?.verifiers[0] ?? {}, { keyWords: [1n] }),
    'batch-index': ({ batches }) => batches.splice(1, 1),
    'batch-epoch': ({ batches }) => Object.assign(batches[3] ?? {}, { epoch: 1n }),
    'batch-verifier': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { verifier: 1 }),
    'previous-head': ({ batches }) => Object.assign(batches[2]?.submission.previous ?? {}, { state: 1n }),
    'batch-time': ({ batches }) => Object.assign(batches[1]?.submission ?? {}, { time: batches[0]?.submission.time }),
    'served-counters': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { counters: [1n] }),
    'statement-form': ({ batches }) => Object.assign(batches[1]?.submission ?? {}, { openMask: 16n }),
    'batch-event': ({ batches }) => Object.assign(batches[0] ?? {}, { count: 7 }),
    'fee-range': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { fees: [0n] }),
    'assignment-range': ({ batches }) => Object.assign(batches[4]?.submission ?? {}, { assignments: [5n] }),
    'commitment-unique': ({ batches }) => repeat(batches[0]?.submission.commitments),
    'accepted-once': ({ batches }) => Object.assign(batches[4]?.submission ?? {}, acceptedAgain(batches)),
    'statement-hash': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { stateAfter: 3n }),
    'order-root': ({ batches }) => Object.assign(batches[0] ?? {}, { orderRoot: batches[1]?.orderRoot }),
    'batch-head': ({ batches }) => Object.assign(batches[0] ?? {}, { head: batches[1]?.head }),
    'batch-record': ({ batches }) => Object.assign(batches[0] ?? {}, { record: batches[1]?.record }),
    'batch-signature': ({ batches }) =>
      Object.assign(batches[0]?.submission ?? {}, { signature: batches[1]?.submission.signature }),
    'statement-digest': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { digest: 1n }),
    proof: ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { proof: batches[1]?.submission.proof }),
    'ledger-head': (ledger) => ledger.batches.pop(),
  }
  for (const [name, forge] of Object.entries(forgeries)) {
    it(`names ${name} first`, async () => {
      const ledger = ledgerFixture()
      forge(ledger)
      expect(await firstFailure(ledger)).to.equal(name)
    })
  }
  it('has a forgery for every check of a ledger', () => {
    const ofLedgers = Object.keys(CHECKS).filter((name) => !name.startsWith('bundle-') && name !== 'chain-records')
    expect(Object.keys(forgeries).sort()).to.deep.equal(ofLedgers.sort())
  })
})

function repeat(commitments: readonly bigint[] | undefined): void {
  Reflect.set(Object(commitments), 1, commitments?.[0])
}

/** The last batch's order replaced by one that the first batch accepted. */
function acceptedAgain(batches: LedgerFixture['batches']): object {
  const { commitments, assignments } = batches[0]?.submission ?? { commitments: [], assignments: [] }
  const bytes = BigInt(assignments[0] ?? 0n)
  const slot = commitments.findIndex((_, i) => ((bytes >> BigInt(8 * i)) & 255n) !== 0n)
  return { commitments: [commitments[slot]], assignments: [1n] }
}

describe('docs/guides/audit.md', () => {
  it('lists every check as the code has it', () => {
    const guide = readFileSync(join(packageRoot(), 'docs', 'guides', 'audit.md'), 'utf8')
    const section = guide.slice(guide.indexOf('## The checks'))
    const listed = [...section.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, name, text]) => [name, text])
    expect(listed).to.deep.equal(Object.entries(CHECKS))
  })
})
