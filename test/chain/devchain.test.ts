import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { dropTornState, keepState } from '../../src/chain/chain-state.ts'
import { DEV_CHAIN_ID, type DevChain, startDevChain } from '../../src/chain/devchain.ts'
import { connectProvider } from '../../src/chain/provider.ts'
import { freePort } from '../contracts/chain.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('the development chain', () => {
  let folder: string
  let stateFile: string
  const running: DevChain[] = []

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fairlead-chain-'))
    stateFile = join(folder, 'state.json')
  })
  after(async () => {
    await Promise.all(running.map((chain) => chain.stop()))
    rmSync(folder, { recursive: true })
  })

  async function start(options: Partial<Parameters<typeof startDevChain>[0]> = {}): Promise<DevChain> {
    const chain = await startDevChain({ port: await freePort(), ...options })
    running.push(chain)
    return chain
  }

  it('answers with its chain id, makes blocks by itself, and ends when asked', async () => {
    const chain = await start()
    const { provider, chainId } = await connectProvider(chain.url)
    expect(chainId).to.equal(DEV_CHAIN_ID)
    await new Promise((resolve) => provider.once('block', resolve))
    provider.destroy()
    await chain.stop()
    await chain.stop()
    expect((await catchError(() => connectProvider(chain.url))).code).to.equal('CHAIN_UNREACHABLE')
  })

  it('is where it was after a restart', async () => {
    const account = '0x4444444444444444444444444444444444444444'
    const first = await start({ stateFile, blockTimeS: 0 })
    const before = await connectProvider(first.url)
    await before.provider.send('anvil_setBalance', [account, '0x7'])
    await before.provider.send('anvil_mine', ['0x3'])
    const [from] = await before.provider.send('eth_accounts', [])
    const hash = await before.provider.send('eth_sendTransaction', [
      { from, to: account, value: '0x1', data: '0x1234' },
    ])
    const sent = await before.provider.getTransactionReceipt(hash)
    before.provider.destroy()
    await first.stop()
    const second = await start({ stateFile, blockTimeS: 0 })
    const after = await connectProvider(second.url)
    expect(await after.provider.getBalance(account)).to.equal(8n)
    expect(await after.provider.getBlockNumber()).to.equal(4)
    expect((await after.provider.getTransaction(hash))?.data).to.equal('0x1234')
    expect((await after.provider.getTransactionReceipt(hash))?.blockHash).to.equal(sent?.blockHash)
    after.provider.destroy()
    await second.stop()
  })

  it('has the states of some blocks back, and deletes those that a run before left', async () => {
    const path = join(folder, 'states.json')
    const left = join(`${path}.states`, 'anvil-state', '0x00.json')
    mkdirSync(dirname(left), { recursive: true })
    writeFileSync(left, '{}')
    const chain = await start({ stateFile: path, blockTimeS: 0 })
    const { provider } = await connectProvider(chain.url)
    expect(existsSync(left)).to.equal(false)
    await provider.send('anvil_mine', ['0x80'])
    const [account] = await provider.send('eth_accounts', [])
    expect(await provider.getBalance(account, 1)).to.equal(await provider.getBalance(account))
    provider.destroy()
    mkdirSync(dirname(left), { recursive: true })
    process.kill(chain.pid, 'SIGKILL')
    await chain.ended
    expect(existsSync(`${path}.states`)).to.equal(false)
  })

  it('says when its port is taken', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    const error = await catchError(() => startDevChain({ port }))
    expect(error.code).to.equal('CHAIN_PORT_BUSY')
    expect(error.details).to.deep.equal({ port })
  })

  it('says when its state cannot be read', async () => {
    writeFileSync(join(folder, 'broken.json'), 'not a state')
    const error = await catchError(() => start({ stateFile: join(folder, 'broken.json') }))
    expect(error.code).to.equal('CHAIN_STATE_UNREADABLE')
  })

  it('has its last whole state when it was killed while it wrote', async () => {
    const path = join(folder, 'torn.json')
    const first = await start({ stateFile: path, blockTimeS: 0 })
    const before = await connectProvider(first.url)
    await before.provider.send('anvil_mine', ['0x7'])
    await keepState(first.url, path)
    before.provider.destroy()
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    for (const torn of ['', '{"block":{"num', undefined]) {
      if (torn === undefined) rmSync(path, { force: true })
      else writeFileSync(path, torn)
      const again = await start({ stateFile: path, blockTimeS: 0 })
      const { provider } = await connectProvider(again.url)
      expect(await provider.getBlockNumber()).to.equal(7)
      provider.destroy()
      process.kill(again.pid, 'SIGKILL')
      await again.ended
    }
  })

  it('goes back to the kept state when the file is behind it', async () => {
    const path = join(folder, 'behind.json')
    const first = await start({ stateFile: path, blockTimeS: 0 })
    const { provider } = await connectProvider(first.url)
    await provider.send('anvil_mine', ['0x2'])
    await first.stop()
    const early = readFileSync(path)
    const second = await start({ stateFile: path, blockTimeS: 0 })
    const more = await connectProvider(second.url)
    await more.provider.send('anvil_mine', ['0x3'])
    await keepState(second.url, path)
    await second.stop()
    writeFileSync(path, early)
    const third = await start({ stateFile: path, blockTimeS: 0 })
    const after = await connectProvider(third.url)
    expect(await after.provider.getBlockNumber()).to.equal(5)
    for (const each of [provider, more.provider, after.provider]) each.destroy()
  })

  it('forgets a torn state only where none is kept', async () => {
    const path = join(folder, 'forget.json')
    writeFileSync(path, '{')
    await dropTornState(path)
    expect(existsSync(path)).to.equal(false)
    writeFileSync(path, '{')
    writeFileSync(`${path}.kept`, '{"best_block_number":1}')
    await dropTornState(path)
    expect(existsSync(path)).to.equal(true)
  })

  it('waits for the chain of an owner that was killed a moment ago', async function () {
    if (process.platform === 'win32') this.skip()
    const path = join(folder, 'heir.json')
    const port = await freePort()
    const owner = fork(new URL('./devchain-owner.js', import.meta.url), [String(port), path])
    await once(owner, 'message')
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const heir = await start({ port, stateFile: path })
    expect(isAlive(heir.pid)).to.equal(true)
  })

  it('ends with a process that is killed', async function () {
    if (process.platform === 'win32') this.skip()
    const owner = fork(new URL('./devchain-owner.js', import.meta.url), [String(await freePort())])
    const [message] = await once(owner, 'message')
    const { pid } = message as { pid: number } // Sent by devchain-owner.ts.
    expect(isAlive(pid)).to.equal(true)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
