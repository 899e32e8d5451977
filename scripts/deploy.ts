import { parseArgs } from 'node:util'
import { Wallet } from 'ethers'
import { z } from 'zod'
import { CodedError } from '../src/base/error.ts'
import { Address } from '../src/base/schema.ts'
import { buildContracts } from '../src/chain/compile.ts'
import { deployAll } from '../src/chain/deployer.ts'
import { connectProvider } from '../src/chain/provider.ts'
import { artifactsDir } from '../src/proof/build.ts'
import { circuitSpec, loadCatalog } from '../src/proof/catalog.ts'
import { loadArtifacts } from '../src/proof/manifest.ts'
import { packageRoot } from '../src/proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../src/route/state.ts'

const USAGE = `usage: FAIRLEAD_DEPLOYER_KEY=0x… npm run deploy -- --rpc URL --circuit NAME [--circuit NAME …]
  --operator ADDRESS      proposes policies and announces epochs; default: the deployer
  --policy-delay-s N      seconds between a policy's proposal and its activation; default 172800
  --deadline-s N          seconds from a batch's time to its acceptance; default 600
  --finality-depth N      blocks after which events count as final; default 64
  --min-interval-us N     least time between two batches; default 100000
  --seed-delay N          blocks from an epoch's announcement to its seed block; default 4
  --json                  one JSON object on standard output, in place of text
Deploys a ledger with its registry, seed source and verifiers, and prints what a service needs to know of it. Circuits must be built; dev keys are
refused on every chain but 31337 and 1337. Exit codes: 0 deployed; 2 could not be done: the line on standard error begins with the reason's code.`

/**
 * - `USAGE`: arguments that make no sense.
 * - `KEY_MISSING`, `KEY_INVALID`: FAIRLEAD_DEPLOYER_KEY is not set, or holds no private key.
 */
class DeployError extends CodedError<'USAGE' | 'KEY_MISSING' | 'KEY_INVALID'> {}

const Whole = z
  .string()
  .regex(/^[0-9]{1,15}$/, 'expected a whole number')
  .transform(Number)
const Settings = z.object({
  rpc: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
  circuit: z.array(z.string()).min(1, 'name at least one'),
  operator: Address.optional(),
  'policy-delay-s': Whole,
  'deadline-s': Whole,
  'finality-depth': Whole,
  'min-interval-us': Whole,
  'seed-delay': Whole,
  json: z.boolean(),
})
type Settings = z.infer<typeof Settings>
const PrivateKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/)

if (process.argv.includes('--help')) console.log(USAGE)
else {
  try {
    await deploy(readSettings(), readKey())
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = 2
  }
}

/** @throws DeployError USAGE, naming the first argument that is wrong. */
function readSettings(): Settings {
  try {
    const text = (value: string) => ({ type: 'string', default: value }) as const
    const { values } = parseArgs({
      options: {
        rpc: { type: 'string' },
        circuit: { type: 'string', multiple: true, default: [] },
        operator: { type: 'string' },
        'policy-delay-s': text('172800'),
        'deadline-s': text('600'),
        'finality-depth': text('64'),
        'min-interval-us': text('100000'),
        'seed-delay': text('4'),
        json: { type: 'boolean', default: false },
      },
    })
    return Settings.parse(values)
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : []
    const fault = issue
      ? `--${issue.path.slice(0, 1).map(String).join('')}: ${issue.message}`
      : cause instanceof Error
        ? cause.message
        : ''
    throw new DeployError('USAGE', `${fault} (--help tells more)`, { cause })
  }
}

/** @throws DeployError KEY_MISSING, KEY_INVALID; the key itself is never quoted. */
function readKey(): string {
  const key = process.env.FAIRLEAD_DEPLOYER_KEY
  if (!key) throw new DeployError('KEY_MISSING', 'put the private key that pays into FAIRLEAD_DEPLOYER_KEY')
  if (PrivateKey.safeParse(key).success) return key
  throw new DeployError('KEY_INVALID', 'FAIRLEAD_DEPLOYER_KEY is no private key: 32 bytes in 0x-prefixed hex')
}

async function deploy(settings: Settings, key: string): Promise<void> {
  const names = [...new Set(settings.circuit)]
  for (const name of names) circuitSpec(loadCatalog(), name)
  const artifacts = await Promise.all(names.map((name) => loadArtifacts(artifactsDir(name))))
  const shards = artifacts[0]?.manifest.shards ?? 0
  const { provider } = await connectProvider(settings.rpc)
  try {
    const root = packageRoot()
    await buildContracts(root)
    const wallet = new Wallet(key, provider)
    const operator = settings.operator ?? wallet.address
    const ledgerSettings = {
      operator,
      shards,
      genesisState: stateHash(0n, genesisStates(shards)),
      resetState: stateHash(0n, resetStates(shards)),
      policyDelayS: settings['policy-delay-s'],
      deadlineS: settings['deadline-s'],
      finalityDepth: settings['finality-depth'],
      minInterval: BigInt(settings['min-interval-us']),
      seedDelay: settings['seed-delay'],
    }
    const { chainId, verifiers, ...contracts } = await deployAll(root, wallet, ledgerSettings, artifacts)
    const byCircuit = Object.fromEntries(names.map((name, i) => [name, verifiers[i]]))
    show({ chainId: String(chainId), ...contracts, operator, verifiers: byCircuit }, settings.json)
  } finally {
    provider.destroy()
  }
}

function show({ verifiers, ...deployed }: { verifiers: object } & Record<string, unknown>, json: boolean): void {
  const lines = [...Object.entries(deployed), ...Object.entries(verifiers)]
  if (json) console.log(JSON.stringify({ ...deployed, verifiers }))
  else for (const [name, value] of lines) console.log(`${name.padEnd(18)} ${value}`)
}
