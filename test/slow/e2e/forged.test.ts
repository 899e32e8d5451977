import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { Interface, Transaction } from 'ethers'
import fc from 'fast-check'
import { ROUTING_LEDGER_ABI } from '../../../src/chain/abi.ts'
import { connectProvider } from '../../../src/chain/provider.ts'
import { LedgerReader } from '../../../src/chain/reader.ts'
import { decodeSubmission, encodeSubmission } from '../../../src/chain/submission.ts'
import { fairlead, type Ran } from '../../cli/terminal.ts'
import { anyBitLie, bitsOf, calldataLie, flipBit, logLie, replacedTransactionLie, viewLie } from '../../e2e/lies.ts'
import { type Lie, type LyingRpc, startLyingRpc } from '../../e2e/lying-rpc.ts'
import { sharedWorld } from '../../e2e/world.ts'

const SELECTOR_BITS = 32
const WORD_BITS = 256

describe('an audit over an endpoint that lies', () => {
  const world = sharedWorld()
  let rpc: LyingRpc
  /** The transaction of the second batch, signed. */
  let raw: string
  let hash: string
  let calldata: string

  before(async () => {
    rpc = await startLyingRpc(() => world().rpc)
    const reader = await LedgerReader.connect({ rpcUrl: world().rpc, ledger: world().ledger })
    hash = (await reader.batch(1n))?.transaction ?? ''
    reader.close()
    const { provider } = await connectProvider(world().rpc)
    const sent = Transaction.from((await provider.getTransaction(hash)) ?? expect.fail('no such transaction'))
    provider.destroy()
    raw = sent.serialized
    calldata = sent.data
  })
  after(() => rpc?.close())

  /** Audits over the lying endpoint. @returns exit code and the first failed check. */
  async function audited(lie?: Lie): Promise<{ exitCode: number; first: string | undefined }> {
    rpc.tell(lie)
    return verdict(await fairlead(['audit', '--rpc', rpc.url, '--ledger', world().ledger, '--json']))
  }

  it('passes while it tells the truth', async () => {
    expect(await audited()).to.deep.equal({ exitCode: 0, first: undefined })
  })

  /** One lie each, and the check that must name it first. */
  const lies: Record<string, [check: string, lie: () => Lie]> = {
    'calldata under the real hash': ['chain-records', () => calldataLie(hash, (data) => flipBit(data, 999))],
    'another selector': ['chain-records', () => replacedTransactionLie(raw, (data) => flipBit(data, 0))],
    'a record': ['batch-record', () => viewLie('recordOf', 0, 77)],
    'the head': ['ledger-head', () => viewLie('head', 0, 3)],
    'the genesis state': ['genesis-state', () => viewLie('genesisState', 0, 200)],
    'the number of shards': ['genesis-state', () => viewLie('shards', 0, 255)],
    "the epoch's first batch": ['epoch-sequence', () => viewLie('epochOf', 1, 255)],
    "the seed's block": ['epoch-seed', () => viewLie('epochOf', 2, 255)],
    "a seed's block that is yet to come": ['chain-records', () => viewLie('epochOf', 2, 215)],
    'the seed': ['chain-records', () => viewLie('epochOf', 3, 255)],
    'the key commitment': ['epoch-announced', () => viewLie('epochOf', 4, 255)],
    'the signer': ['epoch-announced', () => viewLie('epochOf', 5, 255)],
    "the policy's hash": ['chain-records', () => viewLie('epochOf', 6, 255)],
    'the fee word': ['policy-words', () => viewLie('epochOf', 7, 255)],
    'a policy word of the epoch': ['policy-words', () => viewLie('epochOf', 16, 250)],
    'a policy word of the registry': ['policy-rules', () => viewLie('policy', 6, 4)],
    "a word of a verifier's key": ['verifier-key', () => viewLie('keyWords', 3, 255)],
    'dirty bits of an epoch': ['chain-records', () => viewLie('epochOf', 1, 5)],
    "the event's index": ['batch-index', () => logLie('BatchAccepted', flippedTopic(1, 255))],
    "the event's epoch": ['batch-epoch', () => logLie('BatchAccepted', flippedTopic(2, 255))],
    "the event's beneficiary": ['batch-event', () => logLie('BatchAccepted', flippedTopic(3, 255))],
    "dirty bits of the event's index": ['chain-records', () => logLie('BatchAccepted', flippedTopic(1, 0))],
    'another event': ['batch-index', () => logLie('BatchAccepted', flippedTopic(0, 9))],
    'a statement hash': ['statement-hash', () => logLie('BatchAccepted', flippedData(0, 1), 1)],
    'the seed of the event': ['chain-records', () => logLie('EpochOpened', flippedData(0, 100))],
    'the block hash of the event': ['epoch-seed', () => logLie('EpochOpened', flippedData(1, 100))],
    'an event of another contract': [
      'chain-records',
      () => logLie('BatchAccepted', () => ({ address: `0x${'34'.repeat(20)}` })),
    ],
    "a batch's block": ['chain-records', () => logLie('BatchAccepted', () => ({ blockNumber: '0x1' }))],
    'the number of epochs': ['chain-records', () => viewLie('latestEpoch', 0, 254)],
    "a verifier's address": ['chain-records', () => viewLie('epochOf', 21, 255)],
    "a verifier's slots": ['verifier-id', () => viewLie('epochOf', 22, 255)],
    'slots without end': ['chain-records', () => viewLie('epochOf', 22, 215)],
    "a verifier's id": ['verifier-id', () => viewLie('epochOf', 23, 255)],
    'a multiplier': ['epoch-multipliers', () => viewLie('epochOf', 25, 255)],
    'no last batch': ['ledger-head', () => withoutLog(-1)],
    'no middle batch': ['batch-index', () => withoutLog(1)],
    "the seed block's hash": ['epoch-seed', () => blockHashLie],
    'another beneficiary': ['batch-event', () => bentSubmission({ beneficiary: `0x${'56'.repeat(20)}` })],
    'another digest': ['statement-digest', () => bentSubmission({ digest: 5n })],
    'another order': [
      'statement-hash',
      () => bentSubmission(({ commitments }) => ({ commitments: [1n, ...commitments.slice(1)] })),
    ],
    'another assignment': [
      'statement-hash',
      () => bentSubmission(({ assignments }) => ({ assignments: [otherShard(assignments[0] ?? 0n)] })),
    ],
    'another time': ['statement-hash', () => bentSubmission(({ time }) => ({ time: time + 1n }))],
    'another proof': ['proof', () => bentSubmission(({ proof }) => ({ proof: [...proof.slice(0, 7), 1n] }))],
    'another previous state': [
      'previous-head',
      () => bentSubmission(({ previous }) => ({ previous: { ...previous, state: 1n } })),
    ],
  }
  for (const [what, [check, lie]] of Object.entries(lies)) {
    it(`names ${check} first when it bends ${what}`, async () => {
      expect(await audited(lie())).to.deep.equal({ exitCode: 1, first: check })
    })
  }

  type Submission = ReturnType<typeof decodeSubmission>
  /** Tells of a well-formed submission that differs from the real one. */
  const bentSubmission = (change: object | ((real: Submission) => object)): Lie =>
    replacedTransactionLie(raw, (data) => {
      const real = decodeSubmission(data)
      return encodeSubmission({ ...real, ...(typeof change === 'function' ? change(real) : change) })
    })

  /** Words of the calldata with room above their value: offsets and lengths. */
  const NARROW = {
    previous: 0,
    submission: 1,
    counters: 4,
    'the number of counters': 5,
    words: 10,
    'the number of words': 21,
  }
  for (const [name, word] of Object.entries(NARROW)) {
    it(`catches dirty high bits of the word of ${name}`, async () => {
      const bit = SELECTOR_BITS + word * WORD_BITS
      const lie = replacedTransactionLie(raw, (data) => flipBit(data, bit))
      expect(await audited(lie)).to.deep.equal({ exitCode: 1, first: 'chain-records' })
    })
  }

  it('catches any bent bit of the calldata', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(fc.nat(bitsOf(calldata) - 1), async (bit) => {
        const { exitCode, first } = await audited(replacedTransactionLie(raw, (data) => flipBit(data, bit)))
        expect([exitCode, typeof first]).to.deep.equal([1, 'string'])
      }),
      { numRuns: 20 },
    )
  })

  it('catches any bent bit of what the contracts answer', async function () {
    this.timeout(120_000)
    const views = ['epochOf', 'policy', 'keyWords', 'recordOf', 'head', 'latestEpoch', 'kind']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...views), fc.nat(1e6), async (view, bit) => {
        const { exitCode, first } = await audited(anyBitLie(view, bit))
        expect([exitCode, typeof first]).to.deep.equal([1, 'string'])
      }),
      { numRuns: 20 },
    )
  })

  it('has no verdict over a ledger that no registry would serve', async () => {
    expect(await audited(viewLie('shards', 0, 215))).to.deep.equal({ exitCode: 2, first: 'CHAIN_MISMATCH' })
  })

  it('has no verdict over an endpoint that talks rubbish', async () => {
    expect((await audited({ say: () => 'rubbish' })).exitCode).to.equal(2)
  })
})

const flippedTopic =
  (topic: number, bit: number) =>
  ({ topics }: { topics: readonly string[] }) => ({
    topics: topics.map((text, i) => (i === topic ? flipBit(text, bit) : text)),
  })
const flippedData =
  (word: number, bit: number) =>
  ({ data }: { data: string }) => ({ data: flipBit(data, WORD_BITS * word + bit) })

/** Keeps an accepted batch's event back. @param which negative from the last on. */
const withoutLog = (which: number): Lie => ({
  say: (result, { method, params }) =>
    method === 'eth_getLogs' && Array.isArray(result) && asksFor(params, 'BatchAccepted')
      ? result.toSpliced(which, 1)
      : result,
})

/** Whether a query of logs names an event of the ledger. */
const asksFor = (params: unknown, event: string): boolean => {
  const { topicHash } = new Interface(ROUTING_LEDGER_ABI).getEvent(event) ?? expect.fail(`no event ${event}`)
  return JSON.stringify(params).includes(topicHash)
}

/** An assignment word whose first slot names another of the four shards. */
const otherShard = (word: bigint): bigint => word - (word & 255n) + ((word & 255n) % 4n) + 1n

/** Of blocks without transactions, as the seed's block is: those of events are looked at before. */
const blockHashLie: Lie = {
  say: (result, { method }) =>
    method === 'eth_getBlockByNumber' && isEmptyBlock(result)
      ? { ...result, hash: flipBit(String(result.hash), 17) }
      : result,
}
const isEmptyBlock = (result: unknown): result is { hash: unknown } =>
  `${Object(result).transactions}` === '' && 'hash' in Object(result)

function verdict({ exitCode, stdout }: Ran): { exitCode: number; first: string | undefined } {
  const { failures = [], error } = JSON.parse(stdout)
  return { exitCode, first: failures[0]?.name ?? error?.code }
}

describe('an audit of a bent bundle', () => {
  const world = sharedWorld()
  const anchorArgs = ['--anchor', '']
  before(async () => {
    anchorArgs[1] = await world().anchorFile()
  })

  for (const [where, args] of [
    ['with the chain', () => world().chainArgs],
    ['with an anchor', () => anchorArgs],
    ['alone', () => []],
  ] as const) {
    it(`catches any bent bit of its text, ${where}`, async function () {
      this.timeout(120_000)
      const text = await readFile(await world().bundleFile(1n))
      await fc.assert(
        fc.asyncProperty(fc.nat(8 * text.length - 1), async (bit) => {
          const bent = Buffer.from(text)
          bent.writeUInt8(bent.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
          const file = await world().write('bent.json', bent)
          const ran = await fairlead(['audit', file, ...args(), '--json'])
          const { exitCode, first } = verdict(ran)
          expect([exitCode, typeof first]).to.deep.equal([1, 'string'])
        }),
        { numRuns: 25 },
      )
    })
  }
})
