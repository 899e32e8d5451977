import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Wallet } from 'ethers'
import { z } from 'zod'
import { CodedError } from '../src/base/error.ts'
import { type AddressBook, readAddressBook } from '../src/chain/address-book.ts'
import { buildContracts } from '../src/chain/compile.ts'
import { checkSystem, deploySystem } from '../src/chain/deploy-system.ts'
import { connectProvider } from '../src/chain/provider.ts'
import { SystemConfig } from '../src/chain/system-config.ts'
import { artifactsDir } from '../src/proof/build.ts'
import { circuitSpec, loadCatalog } from '../src/proof/catalog.ts'
import { loadArtifacts } from '../src/proof/manifest.ts'
import { packageRoot } from '../src/proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../src/route/state.ts'

const USAGE = `usage: FAIRLEAD_DEPLOYER_KEY=0x… npm run deploy -- --config FILE [--book FILE] [--json]
       npm run deploy -- --config FILE --book FILE --check [--json]
  --config FILE   what to deploy, as JSON; {"rpcUrl": "https://…", "circuits": ["two-choice-16-105"]} is enough, docs/guides/deploy.md lists all of it
  --book FILE     the address book: written before anything is sent, read when the script runs again; default: addresses.json
  --check         sends nothing and needs no key: checks what the book names against sources, config and keys
  --json          the address book on standard output, in place of text
Deploys a ledger, its registry and verifiers, and the operator's bond with all that can slash it; what is there already is left alone. Then everything on chain is
checked. Circuits must be built; dev keys are refused on every chain but 31337 and 1337.
Exit codes: 0 deployed and checked; 2 could not be done: the line on standard error begins with the reason's code.`

/**
 * - `USAGE`: arguments that make no sense.
 * - `CONFIG_INVALID`: the config is missing, no JSON, or says something that cannot be; the message names the first field that is wrong.
 * - `KEY_MISSING`, `KEY_INVALID`: FAIRLEAD_DEPLOYER_KEY is not set, or holds no private key.
 */
class DeployError extends CodedError<'USAGE' | 'CONFIG_INVALID' | 'KEY_MISSING' | 'KEY_INVALID'> {}

const Arguments = z.object({
  config: z.string({ error: 'name a file' }),
  book: z.string(),
  check: z.boolean(),
  json: z.boolean(),
})
type Arguments = z.infer<typeof Arguments>
const PrivateKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/)

if (process.argv.includes('--help')) console.log(USAGE)
else {
  try {
    await run(readArguments())
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = 2
  }
}

async function run(settings: Arguments): Promise<void> {
  const config = readConfig(settings.config)
  const book = settings.check ? readAddressBook(settings.book) : undefined
  if (settings.check && !book)
    throw new DeployError('USAGE', `--check needs an address book, and there is none at ${settings.book}`)
  const key = settings.check ? undefined : readKey()
  const names = [...new Set(config.circuits)]
  for (const name of names) circuitSpec(loadCatalog(), name)
  const artifacts = await Promise.all(names.map((name) => loadArtifacts(artifactsDir(name))))
  const shards = artifacts[0]?.manifest.shards ?? 0
  const shape = {
    shards,
    genesisState: stateHash(0n, genesisStates(shards)),
    resetState: stateHash(0n, resetStates(shards)),
  }
  const { provider } = await connectProvider(config.rpcUrl)
  try {
    const root = packageRoot()
    await buildContracts(root)
    const common = { root, config, artifacts, shape }
    const onStep = settings.json ? () => {} : (line: string) => console.log(line)
    const done =
      key === undefined && book
        ? await checkSystem({ ...common, provider, book })
        : await deploySystem({ ...common, signer: new Wallet(key ?? '', provider), book: settings.book, onStep })
    if (settings.json) console.log(JSON.stringify(done))
    else show(done, settings.book)
  } finally {
    provider.destroy()
  }
}

/** @throws DeployError USAGE, naming the first argument that is wrong. */
function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        book: { type: 'string', default: 'addresses.json' },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    return Arguments.parse(values)
  } catch (cause) {
    throw new DeployError('USAGE', `${faultOf(cause, '--')} (--help tells more)`, { cause })
  }
}

/** @throws DeployError CONFIG_INVALID. */
function readConfig(path: string): SystemConfig {
  if (!existsSync(path)) throw new DeployError('CONFIG_INVALID', `there is no file ${path}`)
  try {
    return SystemConfig.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new DeployError('CONFIG_INVALID', `${path}: ${faultOf(cause, '')}`, { cause })
  }
}

/** @throws DeployError KEY_MISSING, KEY_INVALID; the key itself is never quoted. */
function readKey(): string {
  const key = process.env.FAIRLEAD_DEPLOYER_KEY
  if (!key) throw new DeployError('KEY_MISSING', 'put the private key that pays into FAIRLEAD_DEPLOYER_KEY')
  if (PrivateKey.safeParse(key).success) return key
  throw new DeployError('KEY_INVALID', 'FAIRLEAD_DEPLOYER_KEY is no private key: 32 bytes in 0x-prefixed hex')
}

function faultOf(cause: unknown, prefix: string): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : []
  if (issue) return `${prefix}${issue.path.map(String).join('.')}: ${issue.message}`
  return cause instanceof Error ? cause.message : ''
}

function show({ contracts, verifiers, operator, chainId }: AddressBook, path: string): void {
  for (const [name, { address }] of Object.entries(verifiers)) console.log(`checked ${name} at ${address}`)
  for (const [name, address] of Object.entries(contracts)) console.log(`checked ${name} at ${address}`)
  console.log(`ledger ${contracts.ledger} on chain ${chainId}, operator ${operator}; all of it in ${path}`)
}
