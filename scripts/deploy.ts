import { parseArgs } from 'node:util'
import { Wallet } from 'ethers'
import { CodedError } from '../src/base/error.ts'
import { buildContracts } from '../src/chain/compile.ts'
import { deployAll } from '../src/chain/deployer.ts'
import { connectProvider } from '../src/chain/provider.ts'
import { artifactsDir } from '../src/proof/build.ts'
import { loadArtifacts } from '../src/proof/manifest.ts'
import { packageRoot } from '../src/proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../src/route/state.ts'

const USAGE = `usage: FAIRLEAD_DEPLOYER_KEY=0x… node dist/scripts/deploy.js --rpc URL --circuit NAME [--circuit NAME …]
  --operator ADDRESS      proposes policies and announces epochs; default: the deployer
  --policy-delay-s N      seconds between a policy's proposal and its activation; default 172800
  --deadline-s N          seconds from a batch's time to its acceptance; default 600
  --finality-depth N      blocks after which events count as final; default 64
  --min-interval-us N     least time between two batches; default 100000
  --seed-delay N          blocks from an epoch's announcement to its seed block; default 4
Deploys a ledger with its registry, seed source and verifiers, and prints their addresses as JSON. Circuits must be built; dev keys are
refused on every chain but 31337 and 1337.`

const { values } = parseArgs({
  options: {
    rpc: { type: 'string' },
    circuit: { type: 'string', multiple: true, default: [] },
    operator: { type: 'string' },
    'policy-delay-s': { type: 'string', default: '172800' },
    'deadline-s': { type: 'string', default: '600' },
    'finality-depth': { type: 'string', default: '64' },
    'min-interval-us': { type: 'string', default: '100000' },
    'seed-delay': { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
})
const privateKey = process.env.FAIRLEAD_DEPLOYER_KEY
if (values.help || !values.rpc || values.circuit.length === 0 || !privateKey) {
  console.error(USAGE)
  process.exitCode = values.help ? 0 : 2
} else {
  try {
    await deploy(values.rpc, privateKey)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = 1
  }
}

async function deploy(rpcUrl: string, key: string): Promise<void> {
  const root = packageRoot()
  await buildContracts(root)
  const artifacts = await Promise.all(values.circuit.map((name) => loadArtifacts(artifactsDir(name))))
  const shards = artifacts[0]?.manifest.shards ?? 0
  const { provider } = await connectProvider(rpcUrl)
  try {
    const wallet = new Wallet(key, provider)
    const settings = {
      operator: values.operator ?? wallet.address,
      shards,
      genesisState: stateHash(0n, genesisStates(shards)),
      resetState: stateHash(0n, resetStates(shards)),
      policyDelayS: Number(values['policy-delay-s']),
      deadlineS: Number(values['deadline-s']),
      finalityDepth: Number(values['finality-depth']),
      minInterval: BigInt(values['min-interval-us']),
      seedDelay: Number(values['seed-delay']),
    }
    const deployment = await deployAll(root, wallet, settings, artifacts)
    console.log(JSON.stringify({ ...deployment, chainId: String(deployment.chainId) }, null, 2))
  } finally {
    provider.destroy()
  }
}
