import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { anvilBinary } from '../../src/chain/anvil-binary.ts'
import { findVerifier } from '../../src/chain/deploy.ts'
import { connectProvider } from '../../src/chain/provider.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { genesisStates, stateHash } from '../../src/route/state.ts'
import { circuitFacts } from '../../src/service/open-service.ts'
import { freePort, startTestChain, type TestChain } from '../contracts/chain.ts'

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
  before(async function () {
    this.timeout(300_000)
    const [chain] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
  })
  after(() => test?.stop())

  const terms = ['--policy-delay-s', '60', '--deadline-s', '300', '--finality-depth', '9', '--seed-delay', '2']

  it('deploys a ledger and tells all that a service needs', async () => {
    const operator = test.account(3).address
    const args = ['--rpc', test.chain.url, '--circuit', CIRCUIT, '--operator', operator, ...terms, '--json']
    const { code, stdout, stderr } = await deploy(args, test.key(5))
    expect([code, stderr]).to.deep.equal([0, ''])
    const { ledger, registry, chainId, verifierFactory, fromBlock, verifiers, ...rest } = JSON.parse(stdout)
    expect([chainId, rest.operator]).to.deep.equal(['31337', operator])
    const reader = await LedgerReader.connect({ rpcUrl: test.chain.url, ledger, fromBlock })
    reader.close()
    const fixed = { shards: 4, deadlineS: 300, finalityDepth: 9, minInterval: 100_000n, seedDelay: 2 }
    expect(reader.config).to.include({ ...fixed, registry, verifierFactory })
    expect(reader.config.genesisState).to.equal(stateHash(0n, genesisStates(4)))
    const { verifierId } = circuitFacts(await ensureCircuit(CIRCUIT))
    expect(verifiers).to.deep.equal({ [CIRCUIT]: await findVerifier(test.provider, verifierFactory, verifierId) })
  })

  it('refuses a dev key on a real chain, and sends nothing', async () => {
    const port = await freePort()
    const anvil = spawn(anvilBinary(), ['--silent', '--port', String(port), '--chain-id', '1'], { stdio: 'ignore' })
    const rpc = `http://127.0.0.1:${port}`
    try {
      const { provider } = await untilUp(rpc)
      const ended = await deploy(['--rpc', rpc, '--circuit', CIRCUIT], test.key(0))
      const sent = await provider.getTransactionCount(test.account(0).address)
      provider.destroy()
      expect([ended.code, codeOf(ended), sent]).to.deep.equal([2, 'DEV_KEY_FORBIDDEN', 0])
    } finally {
      anvil.kill('SIGKILL')
    }
  })

  const good = ['--rpc', 'http://127.0.0.1:1', '--circuit', CIRCUIT]
  const KEY = `0x${'11'.repeat(32)}`
  const refusals: Record<string, [code: string, args: readonly string[], key?: string]> = {
    'no key': ['KEY_MISSING', good],
    'a key that is none': ['KEY_INVALID', good, KEY.slice(0, -1)],
    'an endpoint that is not there': ['CHAIN_UNREACHABLE', good, KEY],
    'a number that is no number': ['USAGE', [...good, '--deadline-s', 'soon'], KEY],
  }
  it('tells in one coded line what is wrong', async () => {
    const ended = Object.entries(refusals).map(async ([what, [code, args, key]]) => {
      const { code: exitCode, stdout, stderr } = await deploy(args, key)
      expect([what, codeOf({ stderr }), exitCode, stdout]).to.deep.equal([what, code, 2, ''])
      expect(stderr).not.to.include(KEY.slice(2, 20))
    })
    await Promise.all(ended)
  })

  it('tells that the deployer has no funds', async () => {
    const ended = await deploy(['--rpc', test.chain.url, '--circuit', CIRCUIT], KEY)
    expect([ended.code, codeOf(ended)]).to.deep.equal([2, 'TRANSACTION_REFUSED'])
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
