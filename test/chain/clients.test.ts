import { inspect } from 'node:util'
import { expect } from 'chai'
import { Transaction, Wallet } from 'ethers'
import { auditLedger } from '../../src/audit/audit.ts'
import { policyWordsOf } from '../../src/chain/policy-words.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { LedgerWriter } from '../../src/chain/writer.ts'
import { policyHash } from '../../src/policy/policy.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { verifyingKeyWords } from '../../src/proof/vkey.ts'
import { headHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { startTestChain, type TestChain } from '../contracts/chain.ts'
import { Stage } from '../contracts/stage.ts'
import { catchError } from '../helpers/catch-error.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'

const CIRCUIT = 'two-choice-4-8'

describe('the chain’s clients', () => {
  let test: TestChain
  let stage: Stage
  let reader: LedgerReader
  let writer: LedgerWriter
  /** The batch after the accepted one, never submitted. */
  let waiting: SubmissionWords
  const prover = new SnarkjsProver()

  before(async function () {
    this.timeout(240_000)
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    stage = await Stage.withCircuits(test, prover, [artifacts])
    const source = { rpcUrl: test.chain.url, ledger: stage.deployment.ledger, fromBlock: stage.deployment.fromBlock }
    reader = await LedgerReader.connect(source)
    writer = await LedgerWriter.connect({ ...source, privateKey: test.key(0) })
  })
  after(async () => {
    reader?.close()
    writer?.close()
    await prover.close()
    await test?.stop()
  })

  it('submit a batch that the reader finds and the auditor passes', async () => {
    const batch = await stage.batch(6)
    const prepared = await writer.prepareBatch(batch.submission)
    expect(await reader.transaction(prepared.hash)).to.equal(undefined)
    await writer.broadcast(prepared)
    // Again is no error, before and after it is mined.
    await writer.broadcast(prepared)
    let mined = await reader.transaction(prepared.hash)
    while (!mined) mined = await reader.transaction(prepared.hash)
    expect(mined.succeeded).to.equal(true)
    Object.assign(stage, { head: batch.next, states: batch.after, blind: batch.witness.blindAfter })

    const found = await reader.batch(0n)
    expect(found?.transaction).to.equal(prepared.hash)
    expect(found?.statementHash).to.equal(statementHash(batch.words))
    expect(found?.gasUsed).to.equal(mined?.gasUsed)
    const { signature: _kept, ...words } = batch.submission
    const { signature, ...read } = found?.submission ?? expect.fail()
    expect(read).to.deep.equal(words)
    expect(signature).to.have.length(2 + 2 * 64)
    expect(await reader.head()).to.equal(headHash(batch.next))
    expect(await reader.record(0n)).to.equal(found?.record)
    expect(await reader.record(1n)).to.equal(undefined)
    expect(await reader.batch(1n)).to.equal(undefined)

    const failed: string[] = []
    for await (const check of auditLedger(await reader.records())) if (!check.ok) failed.push(check.name)
    expect(failed).to.deep.equal([])
  })

  it('submit several batches at once, each of which the reader finds and the auditor passes', async function () {
    this.timeout(120_000)
    const staged = await stage.batches([8, 0, 3])
    const prepared = await writer.prepareBatches(staged.map(({ submission }) => submission))
    await writer.broadcast(prepared)
    while (!(await reader.transaction(prepared.hash))) await new Promise(setImmediate)
    for (const batch of staged) stage.follow(batch)
    for (const { next, words, submission } of staged) {
      const found = await reader.batch(next.nextIndex - 1n)
      expect(found?.transaction).to.equal(prepared.hash)
      expect(found?.statementHash).to.equal(statementHash(words))
      expect(found?.submission.previous).to.deep.equal(submission.previous)
    }
    expect(await reader.head()).to.equal(headHash(stage.head))
    const failed: string[] = []
    for await (const check of auditLedger(await reader.records())) if (!check.ok) failed.push(check.name)
    expect(failed).to.deep.equal([])
  })

  it('sign the same bytes for the same terms', async () => {
    waiting = (await stage.batch(1)).submission
    const terms = { nonce: 9, gasLimit: 400_000n }
    const first = await writer.prepareBatch(waiting, terms)
    const second = await writer.prepareBatch(waiting, terms)
    expect(first).to.deep.equal(second)
    expect(Transaction.from(first.raw).from).to.equal(writer.address)
  })

  it('offer more for the same transaction once prices have risen by an eighth, and not before', async () => {
    const { baseFeePerGas } = (await test.provider.getBlock('latest')) ?? {}
    const charge = async (price: bigint): Promise<void> => {
      await test.provider.send('anvil_setNextBlockBaseFeePerGas', [`0x${price.toString(16)}`])
      await test.mine(1)
    }
    const first = await writer.prepareBatch(waiting, { nonce: 9, gasLimit: 400_000n })
    expect(await writer.reprice(first)).to.equal(undefined)
    await charge(10n * (baseFeePerGas ?? 0n) + 10n ** 9n)
    try {
      const dearer = await writer.reprice(first)
      const [one, other] = [first, dearer ?? first].map(({ raw }) => Transaction.from(raw))
      for (const same of ['to', 'data', 'nonce', 'gasLimit', 'chainId', 'from'] as const)
        expect(other?.[same]).to.equal(one?.[same])
      for (const price of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const)
        expect(8n * (other?.[price] ?? 0n) > 9n * (one?.[price] ?? 0n), price).to.equal(true)
    } finally {
      await charge(baseFeePerGas ?? 0n)
    }
  })

  it('tell an epoch in full, key and policy included', async () => {
    const [epoch] = await reader.epochs()
    const { verifyingKey } = await ensureCircuit(CIRCUIT)
    expect(epoch?.policy).to.deep.equal(policyWordsOf(stage.published()))
    expect(epoch?.policyHash).to.equal(policyHash(stage.published()))
    expect(epoch?.verifiers[0]?.keyWords).to.deep.equal(verifyingKeyWords(verifyingKey))
    const block = await reader.block(Number(epoch?.seedBlock))
    expect(epoch?.seedBlockHash).to.equal(block?.hash)
    expect((await reader.proposals()).map(({ status }) => status)).to.deep.equal(['active'])
  })

  it('change policy and epoch', () =>
    test.undoing(async () => {
      const policy = { ...stage.published(), feeMax: 31_000n }
      const { id, policyHash: hash } = await writer.proposePolicy(policyWordsOf(policy))
      expect(hash).to.equal(policyHash(policy))
      await writer.activatePolicy(id)
      const { epoch, seedBlock } = await writer.announceEpoch({
        ...stage.announcement(stage.head.nextIndex),
        policyHash: hash,
      })
      expect(epoch).to.equal(2n)
      expect((await reader.epoch(2n)).seedBlockHash).to.equal(undefined)
      await test.mine(Number(seedBlock))
      const opened = await writer.openEpoch()
      expect(opened).to.deep.equal({ epoch: 2n, seed: (await reader.epoch(2n)).seed })
      expect(await reader.latestEpoch()).to.equal(2n)
    }))

  it('name the ledger’s refusal before anything is sent', async () => {
    const nonce = await writer.nextNonce()
    const error = await catchError(() => writer.prepareBatch({ ...waiting, time: 1n }))
    expect(error.code).to.equal('TRANSACTION_REVERTED')
    expect(error.details.error).to.equal('TimeTooEarly')
    expect(await writer.nextNonce()).to.equal(nonce)
    const refused = await catchError(() => writer.openEpoch())
    expect(refused.details).to.deep.include({ error: 'EpochAlreadyOpen', args: [1n] })
  })

  it('say when another transaction took the nonce', async () => {
    const nonce = await writer.nextNonce()
    const prepared = await writer.prepareBatch(waiting, { nonce, gasLimit: 400_000n })
    await (await test.account(0).sendTransaction({ to: writer.address, nonce })).wait()
    expect((await catchError(() => writer.broadcast(prepared))).code).to.equal('TRANSACTION_REFUSED')
  })

  it('say when nobody can pay', async () => {
    const { privateKey } = Wallet.createRandom()
    const poor = await LedgerWriter.connect({ rpcUrl: test.chain.url, ledger: stage.deployment.ledger, privateKey })
    const prepared = await poor.prepareBatch(waiting, { gasLimit: 400_000n })
    expect((await catchError(() => poor.broadcast(prepared))).code).to.equal('TRANSACTION_REFUSED')
    poor.close()
  })

  it('say when there is no chain, no contract, or another contract', async () => {
    const rpcUrl = test.chain.url
    const codeOf = async (source: { rpcUrl: string; ledger: string }) =>
      (await catchError(() => LedgerReader.connect(source))).code
    const { ledger, registry } = stage.deployment
    expect(await codeOf({ rpcUrl: 'http://127.0.0.1:1', ledger })).to.equal('CHAIN_UNREACHABLE')
    expect(await codeOf({ rpcUrl, ledger: writer.address })).to.equal('CHAIN_MISMATCH')
    expect(await codeOf({ rpcUrl, ledger: registry })).to.equal('CHAIN_MISMATCH')
  })

  it('never show the key', async () => {
    const error = await catchError(() => writer.announceEpoch(stage.announcement(0n)))
    expect(inspect(error, { depth: null })).to.not.include(test.key(0).slice(2))
  })
})
