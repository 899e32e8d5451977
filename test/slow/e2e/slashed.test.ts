/**
 * Every cheat that a challenge exists for, against real contracts with real proofs: the operator does it, the auditor writes the certificate, and submitting it costs the operator what the
 * class costs. One deployment, one ledger; each test's doings are undone.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import { jsonText } from '../../../src/base/json.ts'
import { withReader } from '../../../src/cli/audit/read.ts'
import { commitmentOf } from '../../../src/order/order.ts'
import type { Receipt } from '../../../src/order/receipt.ts'
import { receiptDigest } from '../../../src/order/receipt.ts'
import { servedDigest } from '../../../src/order/served.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { failureCode, fairlead } from '../../cli/terminal.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { Stage } from '../../contracts/stage.ts'
import type { StagedBatch } from '../../contracts/staged-batch.ts'
import { System } from '../../contracts/system.ts'
import { orderFixture, policyFixture } from '../../helpers/fixtures.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'

const CIRCUIT = 'two-choice-4-8'
const SHARD = 2

describe('a router that cheats pays', function () {
  this.timeout(60_000)
  let test: TestChain
  let prover: SnarkjsProver
  let system: System
  let folder: string
  /** Of 5 orders; of 3, with work of a shard applied; the third repeats an order of the first. */
  let batches: readonly [StagedBatch, StagedBatch, StagedBatch]

  before(async function () {
    this.timeout(300_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    folder = await mkdtemp(join(tmpdir(), 'fairlead-cheats-'))
    const policy = policyFixture(4)
    const shards = policy.shards.map((shard, j) => ({ ...shard, reporting: j === SHARD }))
    system = await System.deploy(test, prover, artifacts, { ...policy, shards })
    const { stage } = system
    const first = await stage.submitted(5)
    const second = await stage.batch(3, { counters: [0n, 0n, 4000n, 0n] })
    await stage.submit(second)
    const third = await stage.batch([orderFixture(0), orderFixture(90)])
    await stage.submit(third)
    batches = [first, second, third]
  })
  after(async () => {
    await prover?.close()
    await test?.stop()
    if (folder) await rm(folder, { recursive: true })
  })

  const path = (name: string): string => join(folder, name)
  const chain = (): string[] => ['--rpc', test.chain.url, '--ledger', system.book.contracts.ledger]
  const env = () => ({ FAIRLEAD_CHALLENGER_KEY: test.key(7) })
  const certificate = (command: string, ...args: readonly string[]) =>
    fairlead(['audit', 'certificate', command, ...args, ...chain()], env())
  const make = (...args: readonly string[]) => certificate('make', ...args, '--out', path('certificate.json'))
  const submit = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await certificate('submit', path('certificate.json'), '--json', ...args)
    return { exitCode, stderr, said: JSON.parse(stdout) }
  }

  /** The file of a receipt that the router signed. */
  async function receiptFile(receipt: Receipt): Promise<string> {
    const { serialized: signature } = system.stage.signer.sign(receiptDigest(system.separator, receipt))
    const file = path(`receipt-${receipt.batch}-${receipt.slot}-${receipt.commitment % 997n}.json`)
    await writeFile(file, jsonText({ ...receipt, signature }))
    return file
  }
  const promised = (at: 0 | 1 | 2, slot: number, change: Partial<Receipt> = {}) =>
    receiptFile(system.receipt(batches[at], slot, change))

  /** Submits until nothing has to pass any more, letting pass what the command asks for. @returns methods in their order, with the last answer. */
  async function untilDone(): Promise<{ methods: string[]; exitCode: number; said: Record<string, unknown> }> {
    const methods: string[] = []
    for (;;) {
      const { exitCode, said } = await submit()
      methods.push(...said.calls.map(({ method }: { method: string }) => method))
      if (said.outcome !== 'later') return { methods, exitCode, said }
      expect(exitCode).to.equal(2)
      expect(said.after).to.have.any.keys('block', 'timeS')
      await system.pass(301)
    }
  }

  /** Makes a certificate of some evidence, submits it, and expects the operator to lose what the class costs: half to the challenger, half to nobody. */
  const pays = (kind: string, fault: string, methods: readonly string[], evidence: () => Promise<readonly string[]>) =>
    test.undoing(async () => {
      const made = await make(...(await evidence()), '--json')
      expect([made.exitCode, JSON.parse(made.stdout).kind]).to.deep.equal([0, kind])
      const stake = await system.ask<bigint>('bond', 'stake')
      const done = await untilDone()
      expect(done.methods).to.deep.equal(methods)
      expect([done.exitCode, done.said.outcome]).to.deep.equal([0, 'won'])
      const half = `${parseEther('0.5')}`
      expect(done.said.slash).to.deep.equal({
        fault,
        challenger: system.challenger.address,
        burned: half,
        reward: half,
      })
      expect(done.said.credit).to.equal(half)
      expect(await system.ask('bond', 'stake')).to.equal(stake - parseEther('1'))
      // Nobody is paid twice; a stall is one fault a window.
      const again = await untilDone()
      expect([again.exitCode, again.said.outcome, again.methods]).to.deep.equal([1, 'refused', []])
    })

  const PROOF = ['sight', 'proveContradiction']
  it('for a receipt that the batch contradicts', () =>
    pays('receipt-contradicted', 'contradiction', PROOF, async () => [await promised(0, 1, { assignment: 55 })]))

  it('for an order held back: admitted before its batch', () =>
    pays('receipt-contradicted', 'contradiction', PROOF, async () => [
      await promised(1, 1, { time: batches[1].statement.time - 1n }),
    ]))

  it('for a promised slot that the batch does not have', () =>
    pays('receipt-contradicted', 'contradiction', ['sight', 'proveSlotMissing'], async () => [
      await promised(1, 0, { slot: 3 }),
    ]))

  it('for a slot of batch 0, which has no batch before it', () =>
    pays('receipt-contradicted', 'contradiction', ['sight', 'proveSlotMissing'], async () => [
      await promised(0, 0, { slot: 40 }),
    ]))

  it('for two receipts of one place', () =>
    pays('receipts-contradict', 'equivocation', ['proveEquivocation'], async () => [
      await promised(0, 0),
      await promised(0, 0, { commitment: 98n }),
    ]))

  it('for an order accepted twice', () =>
    pays('duplicate-commitment', 'duplicate', ['sight', 'sight', 'proveDuplicate'], async () => []))

  const overdue = async () => promised(0, 0, { batch: 5n, time: await system.nowUs() })
  it('for a batch that never comes, once the operator had its time to answer', () =>
    pays('batch-overdue', 'overdue', ['noticeOverdue', 'proveOverdue'], async () => {
      const file = await overdue()
      await system.pass(601)
      return [file]
    }))

  it('for served work that no report shows, once nobody could show one', () =>
    pays('served-unreported', 'unreported', ['sight', 'demandReport', 'concludeDemand'], async () => [
      '--shard',
      `${SHARD}`,
    ]))

  /** The shard's own word for what batch 1 applied. */
  async function report(counter: bigint): Promise<string> {
    const said = { epoch: system.stage.epoch, shard: SHARD, counter, time: batches[1].statement.time }
    const { serialized: signature } = system.shardKey.sign(servedDigest(system.separator, said))
    await writeFile(path(`report-${counter}.json`), jsonText({ ...said, signature }))
    return path(`report-${counter}.json`)
  }

  it('but nothing where the report is at hand, nor where it is shown on chain', () =>
    test.undoing(async () => {
      const asks = ['--shard', `${SHARD}`, '--reports']
      expect((await make(...asks, await report(4000n))).exitCode).to.equal(1)
      expect((await make(...asks, await report(3999n))).exitCode).to.equal(0)
      expect((await certificate('verify', path('certificate.json'))).stdout).to.match(
        /^a question: .* 4000 ticks of shard 2/,
      )
      await submit()
      await system.pass(301)
      expect((await submit()).said).to.include({ outcome: 'later' })
      expect((await certificate('verify', path('certificate.json'))).stdout).to.match(/window to show it runs/)
      const said = { epoch: system.stage.epoch, shard: SHARD, counter: 4000n, time: batches[1].statement.time }
      await system.send('reportChallenges', test.account(3), 'showReport', [1n, SHARD, ...system.report(said)])
      await system.pass(301)
      const { exitCode, said: answer } = await submit()
      expect([exitCode, answer.outcome, answer.calls]).to.deep.equal([1, 'refused', []])
      expect((await certificate('verify', path('certificate.json'))).exitCode).to.equal(1)
      expect(await system.ask('bond', 'stake')).to.equal(parseEther('100'))
    }))

  it('for a forced order that it does not take: the audit names it, and anybody freezes the ledger', () =>
    test.undoing(async () => {
      const failures = async () =>
        JSON.parse((await fairlead(['audit', 'run', '--json', ...chain()])).stdout).failures.map(
          ({ name, at }: { name: string; at?: string }) => `${name} ${at}`,
        )
      const { size, side, details } = orderFixture(77)
      const order = { size, side, segment: 'retail' as const, details }
      const words = [size, side === 'buy' ? 0 : 1, details, commitmentOf(order)]
      await system.send('inbox', test.account(8), 'post', words, parseEther('0.01'))
      // The duplicate of the third batch is named in any case.
      expect(await failures()).to.deep.equal(['accepted-once undefined'])
      await system.pass(121)
      expect(await failures()).to.deep.equal(['accepted-once undefined', 'forced-taken orders 0 … 0'])
      const stake = await system.ask<bigint>('bond', 'stake')
      await system.send('inbox', system.challenger, 'freeze', [])
      expect(stake - (await system.ask<bigint>('bond', 'stake'))).to.equal(parseEther('2'))
      expect(await failures()).to.deep.equal(['accepted-once undefined', 'forced-taken orders 0 … 0'])
      const { events, bond } = await withReader(
        { rpcUrl: test.chain.url, ledger: system.book.contracts.ledger },
        (reader) => reader.challenges(),
      )
      expect(events.map(({ kind }) => kind)).to.deep.equal(['forced', 'frozen', 'slashed'])
      expect(bond?.burned).to.equal(parseEther('1'))
    }))

  it('and nothing for what an honest router signed, however it is put forward', () =>
    test.undoing(async () => {
      const files = [await promised(0, 0), await promised(0, 1), await promised(1, 2), await promised(2, 1)]
      expect((await make(...files)).exitCode).to.equal(1)
      // Somebody makes certificates of it all the same.
      const { ledger } = system.book.contracts
      const head = { format: 'fairlead-certificate/1', chainId: '31337', ledger }
      const [kept, other] = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))))
      const forged = [
        { ...head, kind: 'receipts-contradict', receipts: [kept, other] },
        { ...head, kind: 'batch-overdue', receipt: kept },
      ]
      for (const each of forged) {
        await writeFile(path('certificate.json'), jsonText(each))
        const { exitCode, said } = await submit()
        expect([exitCode, said.outcome, said.calls]).to.deep.equal([1, 'refused', []])
      }
      expect(await system.ask('bond', 'stake')).to.equal(parseEther('100'))
    }))

  it('nor for what was given up with its epoch', () =>
    test.undoing(async () => {
      const file = await overdue()
      await (await system.stage.operatorLedger.getFunction('abandonEpoch')(3n)).wait()
      await system.pass(601)
      expect((await make(file)).exitCode).to.equal(1)
      const where = await fairlead(['audit', 'receipt', file, ...chain()])
      expect([where.exitCode, where.stdout]).to.satisfy(
        ([code, said]: [number, string]) => code === 1 && /^void {5}epoch 1 was abandoned before batch 5/m.test(said),
      )
      const audit = await fairlead(['audit', 'run', '--receipts', file, '--json', ...chain()])
      // The duplicate, and nothing else.
      const { failures } = JSON.parse(audit.stdout)
      expect(failures.map(({ name }: { name: string }) => name)).to.deep.equal(['accepted-once'])
    }))

  it('to whoever collects, in one go with the making, where the command waits for the chain', () =>
    test.undoing(async () => {
      const file = await promised(0, 1, { assignment: 55 })
      const args = [file, '--submit', '--collect', '--wait', '1m', '--json']
      const mining = setInterval(() => void test.mine(1), 200)
      const { exitCode, stdout, stderr } = await make(...args).finally(() => clearInterval(mining))
      expect(stderr).to.match(/certificate\.json: receipt-contradicted: /)
      const { outcome, calls, credit } = JSON.parse(stdout)
      expect([exitCode, outcome, credit]).to.deep.equal([0, 'won', '0'])
      expect(calls.map(({ method }: { method: string }) => method)).to.deep.equal([...PROOF, 'collect'])
    }))

  it('with a book, or a key in a file; and without a key, a ledger or contracts of this ledger nothing is sent', () =>
    test.undoing(async () => {
      await make(await promised(0, 0), await promised(0, 0, { commitment: 98n }))
      const { contracts } = system.book
      await writeFile(path('book.json'), JSON.stringify(system.book))
      await writeFile(path('key.txt'), `${test.key(7)}\n`)
      const rpc = ['audit', 'certificate', 'submit', path('certificate.json'), '--rpc', test.chain.url]
      const withBook = [...rpc, '--book', path('book.json')]
      expect(failureCode(await fairlead(withBook))).to.equal('KEY_MISSING')
      for (const key of ['0x12', `0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`])
        expect(failureCode(await fairlead(withBook, { FAIRLEAD_CHALLENGER_KEY: key })), key).to.equal('KEY_INVALID')
      expect(failureCode(await fairlead(rpc, env()))).to.equal('USAGE')
      const { deployment } = await Stage.bare(test)
      await writeFile(
        path('bare.json'),
        (await readFile(path('certificate.json'), 'utf8')).replace(contracts.ledger, deployment.ledger),
      )
      const bare = ['audit', 'certificate', 'submit', path('bare.json'), '--rpc', test.chain.url]
      expect(failureCode(await fairlead([...bare, '--ledger', deployment.ledger], env()))).to.equal('NO_CHALLENGE')
      const stranger = { ...system.book, contracts: { ...contracts, bond: contracts.inbox } }
      await writeFile(path('other.json'), JSON.stringify(stranger))
      expect(failureCode(await fairlead([...rpc, '--book', path('other.json')], env()))).to.equal('CHAIN_MISMATCH')
      const { exitCode, stdout } = await fairlead([...withBook, '--key-file', path('key.txt')])
      expect(exitCode).to.equal(0)
      expect(stdout).to.match(/^sent {5}receiptChallenges\.proveEquivocation in block \d+, \d+ gas, 0x/)
      expect(stdout).to.match(/^won {6}equivocation: the operator lost 1\.0 ETH, of which 0\.5 are for 0x/m)
      expect(stdout).to.not.include(test.key(7).slice(2))
    }))
})
