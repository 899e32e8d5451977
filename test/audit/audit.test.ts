import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { auditLedger } from '../../src/audit/audit.ts'
import { CHECKS, STEP_NAMES, STEPS, stepOf } from '../../src/audit/codes.ts'
import type { ProofCheck } from '../../src/audit/proof-check.ts'
import type { ForcedRecords, RegistryEvent, RegistryRecords } from '../../src/audit/records.ts'
import { type AuditReport, BatchTally, report } from '../../src/audit/report.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { catchError } from '../helpers/catch-error.ts'
import { flip, leaves, type Path } from './flip.ts'
import { forcedFixture, waiting } from './forced-fixture.ts'
import { buildLedger, type Hooks, hashProof, type LedgerFixture, ledgerFixture, REDUCED } from './ledger-fixture.ts'

const audit = (ledger: LedgerFixture): Promise<AuditReport> => report(auditLedger(ledger, { verifyProofs: hashProof }))
const firstFailure = async (ledger: LedgerFixture): Promise<string | undefined> =>
  (await audit(ledger)).failures[0]?.name

/** What the auditor takes from the endpoint alone: immutables, block times, and what no verdict rests on. */
const UNBOUND = ['minInterval', 'blockTime', 'transaction', 'gasUsed']
/** Of the registry: its immutables, and when its blocks were. */
const UNBOUND_OF_REGISTRY = ['delay', 'window', 'retuneInterval', 'time']
/** The fixture's retune, which no epoch is under: whoever holds it back changes nothing that a batch rests on. */
const UNUSED_RETUNE = 'registry.events.5.kind'
const isBound = (path: Path): boolean =>
  path.join('.') !== UNUSED_RETUNE &&
  !(path[0] === 'registry' ? UNBOUND_OF_REGISTRY : UNBOUND).includes(String(path.at(-1)))

function force(ledger: LedgerFixture, change: Parameters<typeof forcedFixture>[1]): ForcedRecords {
  const forced = forcedFixture(ledger.batches, change)
  Object.assign(ledger, { forced })
  return forced
}

describe('auditLedger', () => {
  const honest = ledgerFixture()

  it('passes an honest ledger of full, partial and empty batches in two epochs', async () => {
    const { ok, failures, batches, epochs } = await audit(honest)
    expect(failures).to.deep.equal([])
    expect([ok, batches, epochs]).to.deep.equal([true, 5, 2])
  })

  for (const [what, way] of Object.entries({
    sealed: { sealed: true },
    reset: { reset: true },
    reduced: { reduced: {} },
  }))
    it(`passes an honest ledger with a ${what} epoch`, async () => {
      expect((await audit(buildLedger(way))).failures).to.deep.equal([])
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
    const paths = leaves(honest).filter(isBound)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(255), async (path, bit) => {
        expect((await audit(flip(honest, path, bit))).ok, path.join('.')).to.equal(false)
      }),
      { numRuns: 40 },
    )
  })

  it('rejects a bent value in every single field', async () => {
    const ledger = ledgerFixture()
    const paths = leaves(ledger).filter(isBound)
    const shapes = new Map(paths.map((path) => [path.filter((key) => typeof key === 'string').join('.'), path]))
    for (const [name, path] of shapes) expect((await audit(flip(ledger, path, 0))).ok, name).to.equal(false)
  })

  it('knows every name that it reports', async () => {
    for await (const { name } of auditLedger(honest, { verifyProofs: hashProof })) expect(CHECKS).to.have.property(name)
  })

  /** One forgery a check: what is bent, and the check that must be the first to say so. */
  const forgeries: Record<string, (ledger: LedgerFixture) => unknown> = {
    'genesis-state': ({ config }) => Object.assign(config, { genesisState: 5n }),
    'epoch-sequence': ({ epochs }) => Object.assign(epochs[1] ?? {}, { firstBatch: 0n }),
    'epoch-key': ({ epochs }) => Object.assign(epochs[0] ?? {}, { keyCommit: 0n }),
    'epoch-seed': ({ epochs }) => Object.assign(epochs[0] ?? {}, { seed: 9n }),
    'epoch-announced': ({ registry }) => Object.assign(eventOf(registry, 'announced'), { seedBlock: 1n }),
    'policy-published': ({ registry }) =>
      Object.assign(eventOf(registry, 'published'), { policyHash: `0x${'11'.repeat(32)}` }),
    'policy-timelock': ({ registry }) => Object.assign(eventOf(registry, 'activated'), { time: 4599n }),
    'policy-guard-rails': ({ registry }) =>
      Object.assign(eventOf(registry, 'retuned'), { policyHash: policyOf(registry, 0), id: 2n }),
    'policy-in-force': ({ registry }) => Object.assign(registry, { events: registry.events.toSpliced(8, 1) }),
    'policy-rules': ({ epochs }) => Object.assign(epochs[0]?.policy ?? {}, { feeWord: 0n }),
    'policy-hash': ({ epochs }) => Object.assign(epochs[0] ?? {}, { policyHash: epochs[1]?.policyHash }),
    'policy-words': ({ epochs }) => Object.assign(epochs[0] ?? {}, { policyWords: epochs[1]?.policyWords }),
    'epoch-multipliers': ({ epochs }) => Object.assign(epochs[1] ?? {}, { multipliers: [255n, 256n, 256n, 256n] }),
    'reputation-steps': (ledger) => {
      const { registry } = Object.assign(ledger, buildLedger({ reduced: {} }))
      Object.assign(eventOf(registry, 'concluded'), { multipliers: [247n, 248n, 251n, 256n] })
    },
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
    'batch-seal': (ledger) => {
      const { batches } = Object.assign(ledger, buildLedger({ sealed: true }))
      Object.assign(batches[3]?.seal ?? {}, { sealHash: batches[4]?.seal?.sealHash })
    },
    'batch-signature': ({ batches }) =>
      Object.assign(batches[0]?.submission ?? {}, { signature: batches[1]?.submission.signature }),
    'statement-digest': ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { digest: 1n }),
    proof: ({ batches }) => Object.assign(batches[0]?.submission ?? {}, { proof: batches[1]?.submission.proof }),
    'ledger-head': (ledger) => ledger.batches.pop(),
    'forced-queue': (ledger) => force(ledger, (events) => ({ events: events.slice(1) })),
    'forced-taken': (ledger) => force(ledger, (events) => ({ ...waiting(events), uptime: 713n })),
    'forced-discharge': (ledger) => {
      const forced = force(ledger, () => ({}))
      Object.assign(forced.events[0] ?? {}, { commitment: 5n })
    },
  }
  for (const [name, forge] of Object.entries(forgeries)) {
    it(`names ${name} first`, async () => {
      const ledger = ledgerFixture()
      forge(ledger)
      expect(await firstFailure(ledger)).to.equal(name)
    })
  }
  it('has a forgery for every check of a ledger', () => {
    const ofLedgers = Object.keys(CHECKS).filter((name) => !/^(bundle|receipt)-/.test(name) && name !== 'chain-records')
    expect(Object.keys(forgeries).sort()).to.deep.equal(ofLedgers.sort())
  })
})

describe('the auditor follows reputation', () => {
  const failed = async (reduced: Hooks['reduced'], bend: (events: RegistryEvent[]) => unknown = () => undefined) => {
    const ledger = buildLedger({ ...(reduced && { reduced }) })
    const events = [...ledger.registry.events]
    bend(events)
    const registry = { ...ledger.registry, events }
    const { failures } = await report(auditLedger({ ...ledger, registry }, { verifyProofs: hashProof }))
    return [...new Set(failures.map(({ name }) => name))]
  }
  /** Moves the conclusion of the first epoch. */
  const move = (to: number) => (events: RegistryEvent[]) => {
    const at = events.findIndex(({ kind }) => kind === 'concluded')
    events.splice(to, 0, ...events.splice(at, 1))
  }

  it('takes an epoch whose weights are those of its policy, multiplied as concluded', async () => {
    expect(await failed({})).to.deep.equal([])
  })

  it('rejects a bent value in every field that tells of it', async () => {
    const ledger = buildLedger({ reduced: {} })
    const concluded = ledger.registry.events.findIndex(({ kind }) => kind === 'concluded')
    const paths = leaves(ledger).filter(
      (path) => path.includes('multipliers') || (path[0] === 'registry' && path[2] === concluded && path[3] !== 'time'),
    )
    expect(paths).to.have.length(3 * 4 + 3 * 4 + 4 + 2)
    for (const path of paths)
      for (const bit of [0, 1, 3]) expect((await audit(flip(ledger, path, bit))).ok, path.join('.')).to.equal(false)
  })

  it('catches words that are multiplied otherwise than told', async () => {
    expect(await failed({ words: [256n, 240n, 251n, 256n] })).to.deep.equal(['policy-words'])
    expect(await failed({ words: [256n, 256n, 256n, 256n] })).to.deep.equal(['policy-words'])
    // A weight raised.
    expect(await failed({ words: [260n, 248n, 251n, 256n] })).to.deep.equal(['policy-words'])
  })

  it('catches an epoch that spares a shard, or presses one, against what was concluded', async () => {
    for (const other of [
      [256n, 256n, 256n, 256n],
      [256n, 248n, 248n, 256n],
      [256n, 248n, 251n, 255n],
    ])
      expect(await failed({ told: other, words: other })).to.deep.equal(['epoch-multipliers'])
  })

  it('catches a conclusion that moves a multiplier too far, out of its bounds, or for a shard too many', async () => {
    for (const concluded of [
      [256n, 247n, 251n, 256n],
      [257n, 248n, 251n, 256n],
      [...REDUCED, 256n],
    ])
      expect(await failed({ concluded })).to.include('reputation-steps')
  })

  it('catches multipliers that come too early, and conclusions out of their order', async () => {
    // Concluded after the epoch was announced: it cannot have known.
    expect(await failed({}, (events) => move(events.length)(events))).to.deep.equal(['epoch-multipliers'])
    // The second epoch is only one after the first.
    const early = buildLedger()
    const second = { ...(early.epochs[1] ?? expect.fail()), multipliers: REDUCED }
    const names = (await audit({ ...early, epochs: [...early.epochs.slice(0, 1), second] })).failures
    expect(names[0]?.name).to.equal('epoch-multipliers')
    const renumber = (events: RegistryEvent[]) => {
      const at = events.findIndex(({ kind }) => kind === 'concluded')
      events[at] = Object.assign({}, events[at], { epoch: 2n })
    }
    expect(await failed({}, renumber)).to.deep.equal(['reputation-steps'])
  })
})

/** The first event of a kind. */
function eventOf({ events }: RegistryRecords, kind: RegistryEvent['kind']): object {
  return events.find((event) => event.kind === kind) ?? expect.fail(`no ${kind}`)
}
/** Hash of the n-th published policy. */
const policyOf = ({ events }: RegistryRecords, n: number): string =>
  events.flatMap((event) => (event.kind === 'published' ? [event.policyHash] : []))[n] ?? expect.fail('no policy')

describe('the steps of an audit', () => {
  const honest = ledgerFixture()

  it('each say per batch what they checked, green', async () => {
    const tally = new BatchTally()
    const { steps } = await report(auditLedger(honest, { verifyProofs: hashProof }), (check) => tally.add(check))
    expect(steps.map(({ step }) => step)).to.deep.equal(
      STEP_NAMES.filter((step) => !['receipts', 'forced'].includes(step)),
    )
    expect(tally.results.map(({ batch, verdict }) => [batch, verdict])).to.deep.equal(
      [0n, 1n, 2n, 3n, 4n].map((batch) => [batch, 'good']),
    )
    const ofBatches = STEP_NAMES.filter((step) => !['receipts', 'forced'].includes(step))
    for (const { steps: rows } of tally.results) {
      expect(rows.map(({ step }) => step)).to.deep.equal(ofBatches)
      expect(rows.every(({ verdict, checks }) => verdict === 'good' && checks > 0)).to.equal(true)
    }
  })

  it('name the step and the code of a fault, in its batch alone', async () => {
    const ledger = ledgerFixture()
    Object.assign(ledger.batches[1]?.submission ?? {}, { signature: ledger.batches[2]?.submission.signature })
    const tally = new BatchTally()
    const { steps } = await report(auditLedger(ledger, { verifyProofs: hashProof }), (check) => tally.add(check))
    const red = steps.filter(({ verdict }) => verdict !== 'good')
    expect(red).to.have.length(1)
    expect(red[0]).to.include({ step: 'signer', verdict: 'violated' })
    expect(red[0]?.codes).to.deep.equal(['batch-signature'])
    expect(tally.results.map(({ verdict }) => verdict)).to.deep.equal(['good', 'violated', 'good', 'good', 'good'])
  })

  it('report codes of their own alone, and each code has one step', () => {
    const codes = STEP_NAMES.flatMap((step) => Object.keys(STEPS[step].codes))
    expect(new Set(codes).size).to.equal(codes.length)
    for (const step of STEP_NAMES)
      for (const code of Object.keys(STEPS[step].codes))
        expect(Object.entries(CHECKS).some(([name]) => name === code)).to.equal(true)
    expect(stepOf('proof')).to.equal('proofs')
  })

  it('cannot check timelock, guard rails and multipliers without the registry, and say so', async () => {
    const { registry: _, ...ledger } = ledgerFixture()
    const { verdict, unchecked } = await report(auditLedger(ledger, { verifyProofs: hashProof }))
    expect([verdict, unchecked.map(({ name }) => name)]).to.deep.equal([
      'unchecked',
      ['policy-timelock', 'epoch-multipliers'],
    ])
  })

  it('verify proofs together, as many as asked for', async () => {
    for (const [proofsAtATime, calls] of [
      [1, [1, 1, 1, 1, 1]],
      [2, [2, 2, 1]],
      [256, [5]],
    ] as const) {
      const sizes: number[] = []
      const verifyProofs: ProofCheck = (claims) => {
        sizes.push(claims.length)
        return hashProof(claims)
      }
      expect((await report(auditLedger(honest, { verifyProofs, proofsAtATime }))).verdict).to.equal('good')
      expect(sizes).to.deep.equal(calls)
    }
  })

  it('take a verifier that answers too little for a refusal', async () => {
    const verifyProofs: ProofCheck = async (claims) => claims.slice(1).map(() => true)
    const { failures } = await report(auditLedger(honest, { verifyProofs }))
    expect(failures.map(({ name, batch }) => [name, batch])).to.deep.equal([['proof', 4n]])
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
  it('lists every step and every check as the code has it', () => {
    const guide = readFileSync(join(packageRoot(), 'docs', 'guides', 'audit.md'), 'utf8')
    const section = guide.slice(guide.indexOf('## The checks'))
    const listed = [...section.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, name, text]) => [name, text])
    expect(listed).to.deep.equal(Object.entries(CHECKS))
    const steps = [...section.matchAll(/^### (.*) \(`(\w+)`\)$/gm)].map(([, title, step]) => [step, title])
    expect(steps).to.deep.equal(STEP_NAMES.map((step) => [step, STEPS[step].title]))
  })
})
