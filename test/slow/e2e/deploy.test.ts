import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { anvilBinary } from '../../../src/chain/anvil-binary.ts'
import { findVerifier } from '../../../src/chain/deploy.ts'
import { connectProvider } from '../../../src/chain/provider.ts'
import { LedgerReader } from '../../../src/chain/reader.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { genesisStates, stateHash } from '../../../src/route/state.ts'
import { circuitFacts } from '../../../src/service/open-service.ts'
import { freePort, startTestChain, type TestChain } from '../../contracts/chain.ts'

const CIRCUIT = 'two-choice-4-8'

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the script as a user does. @param key of the deployer; none when it is left out. */
function deploy(args: readonly string[], key?: string): Promise<Ended> {
  const { FAIRLEAD_DEPLOYER_KEY: _inherited, ...env } = process.env
  const script = join(packageRoot(), 'dist', 'scripts', 'deploy.js')
  return new Promise((resolve) => {
    const options = { env: { ...env, ...(key === undefined ? {} : { FAIRLEAD_DEPLOYER_KEY: key }) } }
    const child = execFile(process.execPath, [script, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

describe('npm run deploy', () => {
  let test: TestChain
  let folder: string
  let count = 0
  before(async function () {
    this.timeout(300_000)
    folder = mkdtempSync(join(tmpdir(), 'fairlead-deploy-'))
    const [chain] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
  })
  after(async () => {
    await test?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** A new file with this content. */
  function file(content: unknown): string {
    const path = join(folder, `${++count}.json`)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const terms = { ledger: { deadlineS: 300, finalityDepth: 9, seedDelay: 2 }, policyDelayS: 60 }
  const config = (change: object = {}) => ({ rpcUrl: test.chain.url, circuits: [CIRCUIT], ...change })
  const nonce = (i: number) => test.provider.getTransactionCount(test.account(i).address)

  it('deploys a system, tells all that a service needs, and does nothing when it runs again', async () => {
    const operator = test.account(3).address
    const book = join(folder, 'book.json')
    const args = ['--config', file(config({ ...terms, operator })), '--book', book, '--json']
    const { code, stdout, stderr } = await deploy(args, test.key(5))
    expect([code, stderr]).to.deep.equal([0, ''])
    const { contracts, chainId, fromBlock, verifiers, ...rest } = JSON.parse(stdout)
    expect([chainId, rest.operator]).to.deep.equal(['31337', operator])
    const { ledger, registry, verifierFactory } = contracts
    const reader = await LedgerReader.connect({ rpcUrl: test.chain.url, ledger, fromBlock })
    reader.close()
    const fixed = { shards: 4, deadlineS: 300, finalityDepth: 9, minInterval: 100_000n, seedDelay: 2 }
    expect(reader.config).to.include({ ...fixed, registry, verifierFactory })
    expect(reader.config.genesisState).to.equal(stateHash(0n, genesisStates(4)))
    const { verifierId } = circuitFacts(await ensureCircuit(CIRCUIT))
    const address = await findVerifier(test.provider, verifierFactory, verifierId)
    expect(verifiers[CIRCUIT]).to.include({ address, verifierId })

    const sent = await nonce(5)
    const again = await deploy(args, test.key(5))
    expect([again.code, JSON.parse(again.stdout), await nonce(5)]).to.deep.equal([0, JSON.parse(stdout), sent])
    // Anybody checks it, without a key.
    const checked = await deploy([...args, '--check'])
    expect([checked.code, JSON.parse(checked.stdout)]).to.deep.equal([0, JSON.parse(stdout)])
  })

  it('goes on where it was cut short, and not when the deployer did something else meanwhile', async () => {
    const wallet = test.account(6)
    const book = join(folder, 'cut.json')
    const args = ['--config', file(config()), '--book', book, '--json']
    // Enough for some contracts.
    await test.provider.send('anvil_setBalance', [wallet.address, `0x${(15n * 10n ** 15n).toString(16)}`])
    const cut = await deploy(args, test.key(6))
    const sent = await nonce(6)
    expect([cut.code, codeOf(cut), sent > 0 && sent < 12]).to.deep.equal([2, 'TRANSACTION_REFUSED', true])
    await test.provider.send('anvil_setBalance', [wallet.address, `0x${(10n ** 20n).toString(16)}`])
    await test.undoing(async () => {
      await (await wallet.sendTransaction({ to: wallet.address })).wait()
      const busy = await deploy(args, test.key(6))
      expect([busy.code, codeOf(busy)]).to.deep.equal([2, 'DEPLOYER_BUSY'])
    })
    const done = await deploy(args, test.key(6))
    expect([done.code, done.stderr]).to.deep.equal([0, ''])
    expect(await nonce(6)).to.equal(13)
  })

  it('takes no book of another config or deployer, and sees code that is not its own', async () => {
    const book = join(folder, 'book.json')
    const at = (change: object) => [
      '--config',
      file(config({ ...terms, operator: test.account(3).address, ...change })),
      '--book',
      book,
    ]
    const other = await deploy(at({ policyDelayS: 61 }), test.key(5))
    expect([other.code, codeOf(other)]).to.deep.equal([2, 'ADDRESS_BOOK_MISMATCH'])
    const stranger = await deploy(at({}), test.key(7))
    expect([stranger.code, codeOf(stranger)]).to.deep.equal([2, 'ADDRESS_BOOK_MISMATCH'])
    await test.undoing(async () => {
      const { contracts } = JSON.parse(readFileSync(book, 'utf8'))
      await test.provider.send('anvil_setCode', [contracts.bond, '0x6000'])
      const bent = await deploy([...at({}), '--check'])
      expect([bent.code, codeOf(bent)]).to.deep.equal([2, 'DEPLOYMENT_MISMATCH'])
    })
  })

  it('refuses a dev key on a real chain, and sends nothing', async () => {
    const port = await freePort()
    const anvil = spawn(anvilBinary(), ['--silent', '--port', String(port), '--chain-id', '1'], { stdio: 'ignore' })
    const rpcUrl = `http://127.0.0.1:${port}`
    try {
      const { provider } = await untilUp(rpcUrl)
      const ended = await deploy(
        ['--config', file(config({ rpcUrl })), '--book', join(folder, 'real.json')],
        test.key(0),
      )
      const sent = await provider.getTransactionCount(test.account(0).address)
      provider.destroy()
      expect([ended.code, codeOf(ended), sent]).to.deep.equal([2, 'DEV_KEY_FORBIDDEN', 0])
    } finally {
      anvil.kill('SIGKILL')
    }
  })

  it('tells in one coded line what is wrong', async () => {
    const KEY = `0x${'11'.repeat(32)}`
    const good = { rpcUrl: 'http://127.0.0.1:1', circuits: [CIRCUIT] }
    const refusals: Record<string, [code: string, config: string, key?: string]> = {
      'no key': ['KEY_MISSING', file(good)],
      'a key that is none': ['KEY_INVALID', file(good), KEY.slice(0, -1)],
      'an endpoint that is not there': ['CHAIN_UNREACHABLE', file(good), KEY],
      'a config that is not there': ['CONFIG_INVALID', join(folder, 'none.json'), KEY],
      'a config that is no JSON': ['CONFIG_INVALID', file('{'), KEY],
      'a setting that nobody knows': ['CONFIG_INVALID', file({ ...good, deadline: 3 }), KEY],
      'a number that is no number': ['CONFIG_INVALID', file({ ...good, ledger: { deadlineS: 'soon' } }), KEY],
      'a bond that leaves too early': ['CONFIG_INVALID', file({ ...good, bond: { withdrawalDelayS: 60 } }), KEY],
      'a cheap way out': ['CONFIG_INVALID', file({ ...good, bond: { amounts: { abandoned: '0.5' } } }), KEY],
    }
    const ended = Object.entries(refusals).map(async ([what, [code, path, key]]) => {
      const args = ['--config', path, '--book', join(folder, 'refused.json')]
      const { code: exitCode, stdout, stderr } = await deploy(args, key)
      expect([what, codeOf({ stderr }), exitCode, stdout]).to.deep.equal([what, code, 2, ''])
      expect(stderr).not.to.include(KEY.slice(2, 20))
    })
    await Promise.all(ended)
    const none = await deploy([], KEY)
    expect([codeOf(none), none.code]).to.deep.equal(['USAGE', 2])
  })
})

/** The code of the one line on standard error. */
const codeOf = ({ stderr }: { stderr: string }): string => /^([A-Z_]+): [^\n]+\n$/.exec(stderr)?.[1] ?? stderr

/** Connects to a chain that is about to answer. */
async function untilUp(rpc: string): ReturnType<typeof connectProvider> {
  for (;;) {
    try {
      return await connectProvider(rpc)
    } catch {
      await delay(50) // A process that starts has no event for it.
    }
  }
}
