import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import { jsonText } from '../../../src/base/json.ts'
import { deploySystem } from '../../../src/chain/deploy-system.ts'
import { run } from '../../../src/cli/run.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../../../src/route/state.ts'
import { failureCode, fairlead, Screen } from '../../cli/terminal.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { systemConfig } from '../../contracts/system.ts'
import { policyFixture } from '../../helpers/fixtures.ts'

const CIRCUIT = 'two-choice-4-8'

describe('fairlead serve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-serve-'))
  const book = join(folder, 'addresses.json')
  const dataDir = join(folder, 'data')
  let test: TestChain

  before(async function () {
    this.timeout(300_000)
    const [chain] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
  })
  after(async () => {
    await test?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const place = () => ['--data-dir', dataDir, '--rpc', test.chain.url, '--book', book]
  const told = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await fairlead([...args, '--json'])
    if (stdout === '') throw new Error(stderr)
    return { exitCode, ...JSON.parse(stdout) }
  }

  /** Serves until the caller has seen enough. */
  function serving(...args: string[]) {
    const [stdout, stderr] = [new Screen(), new Screen()]
    const stop = new AbortController()
    const terminal = { stdout, stderr, env: { FAIRLEAD_PROVER: 'snarkjs' }, interrupted: stop.signal }
    const exitCode = run(['serve', ...place(), '--port', '0', '--prover', 'snarkjs', '--json', ...args], terminal)
    const lines = () =>
      stdout.text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    const event = async (
      holds: (line: {
        event: string
        state?: string
        index?: string
        keys?: Record<string, string>
        url?: string
      }) => boolean,
    ) => {
      for (;;) {
        const next = new Promise<void>((resolve) => stdout.once('told', resolve))
        const found = lines().find(holds)
        if (found) return found
        await Promise.race([
          next,
          exitCode.then((code) => Promise.reject(new Error(`ended with ${code}: ${stderr.text}`))),
        ])
      }
    }
    return { event, exitCode, stop: () => stop.abort() }
  }

  it('says what is missing, step by step, until it can', async function () {
    this.timeout(120_000)
    const accounts = await told('accounts', '--data-dir', dataDir)
    for (const address of [accounts.submitter, accounts.duty])
      await test.provider.send('anvil_setBalance', [address, `0x${parseEther('1000').toString(16)}`])
    expect(failureCode(await fairlead(['serve', ...place(), '--port', '0']))).to.equal('FILE_UNREADABLE')
    const artifacts = await ensureCircuit(CIRCUIT)
    await deploySystem({
      root: packageRoot(),
      signer: test.account(0),
      config: systemConfig(test.chain.url, CIRCUIT, accounts.submitter),
      artifacts: [artifacts],
      shape: { shards: 4, genesisState: stateHash(0n, genesisStates(4)), resetState: stateHash(0n, resetStates(4)) },
      book,
    })
    expect(failureCode(await fairlead(['serve', ...place(), '--port', '0']))).to.equal('NOT_READY')
    expect(failureCode(await fairlead(['epoch', 'next', ...place()]))).to.equal('NOT_READY')

    const policy = join(folder, 'policy.json')
    writeFileSync(policy, jsonText(policyFixture(4)))
    expect(failureCode(await fairlead(['policy', 'propose', policy, ...place()]))).to.equal('JSON_INVALID')
    const settlements = policyFixture(4).shards.map((_, i) => test.account(i + 1).address)
    writeFileSync(policy, jsonText({ ...policyFixture(4), settlements, reportSigners: settlements }))
    const { id } = await told('policy', 'propose', policy, ...place())
    await test.mine(1)
    expect(await told('policy', 'activate', id, ...place())).to.include({ exitCode: 0, active: true })
    expect(await told('policy', 'activate', id, ...place())).to.include({ exitCode: 0, active: true })
    expect(await told('policy', 'activate', '7', ...place())).to.include({ exitCode: 1, status: 'unknown' })
    expect(
      (await told('policy', 'queue', ...place())).proposals.map(({ status }: { status: string }) => status),
    ).to.deep.equal(['active'])

    const opened = told('epoch', 'next', ...place())
    const mining = setInterval(() => void test.mine(1), 50)
    expect(await opened.finally(() => clearInterval(mining))).to.include({
      epoch: '1',
      opened: true,
      signer: accounts.signer,
    })
    expect(await told('stake', 'show', ...place())).to.include({ exitCode: 1, enough: false, stake: '0' })
    expect(await told('stake', 'deposit', '20', ...place())).to.include({
      exitCode: 0,
      enough: true,
      stake: `${parseEther('20')}`,
    })
  })

  it('takes an order over HTTP into an accepted batch that the auditor passes', async function () {
    this.timeout(120_000)
    const { event, exitCode, stop } = serving()
    const mining = setInterval(() => void test.mine(1), 200)
    try {
      const { url = '', keys = {} } = await event((line) => line.event === 'ready')
      await order(url, keys.retail, 1)
      await event((line) => line.event === 'batch' && line.state === 'accepted')
    } finally {
      clearInterval(mining)
      stop()
    }
    expect(await exitCode).to.equal(0)
    expect(await audit()).to.include({ exitCode: 0, ok: true, epochs: 1, batches: 1 })
  })

  it('goes on in the next epoch, under a policy that was activated meanwhile, and asks nobody to restart it', async function () {
    this.timeout(120_000)
    const { event, exitCode, stop } = serving()
    const mining = setInterval(() => void test.mine(1), 200)
    try {
      const { url = '' } = await event((line) => line.event === 'ready')
      const { retail, operator } = JSON.parse(readFileSync(join(dataDir, 'client-keys.json'), 'utf8'))
      const policy = join(folder, 'policy-2.json')
      const { shards, ...rest } = JSON.parse(readFileSync(join(folder, 'policy.json'), 'utf8'))
      const [first, ...others] = shards
      writeFileSync(policy, JSON.stringify({ ...rest, shards: [{ ...first, weights: ['3', '5'] }, ...others] }))
      const { id } = await told('policy', 'propose', policy, ...place())
      await told('policy', 'activate', id, ...place())
      const change = ['epoch', 'change', '--url', url]
      expect(failureCode(await fairlead([...change, '--data-dir', folder]))).to.equal('USAGE')
      expect(failureCode(await fairlead([...change, '--key', retail]))).to.equal('SERVICE_REFUSED')
      const changed = await told(...change, '--key', operator)
      expect(changed).to.include({ exitCode: 0, epoch: '2', mode: 'instant', firstBatch: '1' })
      expect(await event((line) => line.event === 'epoch')).to.include({ epoch: '2', policyHash: changed.policyHash })
      const { receipt } = await order(url, retail, 2)
      expect(receipt).to.include({ epoch: '2', batch: '1' })
      await event((line) => line.event === 'batch' && line.state === 'accepted')
      expect(await told('epoch', 'show', ...place())).to.include({ epoch: '2', state: 'open', nextBatch: '2' })
      // One change is over: the next one may come.
      expect(await told(...change, '--sealed', '--key', operator)).to.include({ epoch: '3', mode: 'sealed' })
      expect(await order(url, retail, 3)).to.include({ status: 'sealed' })
      // The ledger takes no next epoch before the first batch of this one.
      expect(failureCode(await fairlead([...change, '--instant', '--key', operator]))).to.equal('SERVICE_REFUSED')
      await event((line) => line.event === 'batch' && line.state === 'accepted' && line.index === '2')
      expect(await told(...change, '--instant', '--key', operator)).to.include({ epoch: '4', mode: 'instant' })
      expect((await order(url, retail, 4)).receipt).to.include({ epoch: '4', batch: '3' })
      await event((line) => line.event === 'batch' && line.state === 'accepted' && line.index === '3')
    } finally {
      clearInterval(mining)
      stop()
    }
    expect(await exitCode).to.equal(0)
    expect(await audit()).to.include({ exitCode: 0, ok: true, epochs: 4, batches: 4 })
  })

  const audit = () => {
    const { contracts } = JSON.parse(readFileSync(book, 'utf8'))
    return told('audit', '--rpc', test.chain.url, '--ledger', contracts.ledger)
  }

  /** Sends the i-th order as a client does. @returns what it came to. */
  async function order(url: string, key: string | undefined, i: number) {
    const body = JSON.stringify({ size: 5, side: 'buy', details: `0x00${`0${i}`.repeat(31)}` })
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v1/orders`, { method: 'POST', headers, body })
    const said = await answer.text()
    expect(answer.status, said).to.equal(201)
    return JSON.parse(said)
  }
})
