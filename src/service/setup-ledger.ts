import { rm } from 'node:fs/promises'
import { parseEther, Wallet } from 'ethers'
import type { AddressBook } from '../chain/address-book.ts'
import { type Deployment, deployLedger, deployVerifier } from '../chain/deploy.ts'
import { deploySystem } from '../chain/deploy-system.ts'
import { depositStake } from '../chain/duty-writer.ts'
import { policyWordsOf } from '../chain/policy-words.ts'
import { withProvider } from '../chain/provider.ts'
import { LedgerReader } from '../chain/reader.ts'
import { SystemConfig } from '../chain/system-config.ts'
import { LedgerWriter } from '../chain/writer.ts'
import type { PublishedPolicy } from '../policy/policy.ts'
import { type Artifacts, assertKeyAllowed } from '../proof/manifest.ts'
import { packageRoot } from '../proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../route/state.ts'
import { openNextEpoch, termsOf, until } from './next-epoch.ts'
import type { OwnSecrets } from './secrets.ts'

/** A development system's terms: no timelocks, quick finality, ten minutes for a batch; the rest is as the deploy script has it. */
const TERMS = {
  policyDelayS: 0,
  segmentDelayS: 0,
  ledger: { deadlineS: 600, finalityDepth: 8, minIntervalUs: 1000, seedDelay: 1 },
} as const
/** More than a development chain's operator can spend, in wei. */
const FUNDS = `0x${(10n ** 24n).toString(16)}`
/** What a development operator stakes: twice the minimum. */
const STAKE = parseEther('64')
/** A development chain mines at once. */
const POLLING_MS = 20

interface SetupOptions {
  /** Where a whole system's address book is kept; one that is there is of a set-up that was cut short, and goes. A bare ledger has none. */
  readonly book?: string | undefined
  /** Whether the first epoch is in sealed mode. Default: false. */
  readonly sealed?: boolean | undefined
}

/** Told what is done next. */
export type SetupProgress = (step: 'deploy' | 'policy' | 'epoch') => void

/** A ledger, and everything around it where that was asked for. */
export interface LocalDeployment extends Deployment {
  readonly contracts?: AddressBook['contracts']
}

/**
 * Deploys a ledger on a development chain, makes a policy its active one, and opens its first epoch under the given keys. The
 * submitter's account pays for everything, is the operator and, in a whole system, stakes.
 * @throws ChainError; ArtifactError DEV_KEY_FORBIDDEN when the chain is not a development chain.
 */
export async function setUpLedger(
  rpcUrl: string,
  secrets: OwnSecrets,
  artifacts: Artifacts,
  policy: PublishedPolicy,
  { book, sealed = false }: SetupOptions,
  progress: SetupProgress,
): Promise<LocalDeployment> {
  return withProvider(rpcUrl, async (provider, chainId) => {
    provider.pollingInterval = POLLING_MS
    assertKeyAllowed(artifacts.manifest, chainId)
    progress('deploy')
    for (const key of [secrets.submitterKey, secrets.dutyKey])
      await provider.send('anvil_setBalance', [new Wallet(key).address, FUNDS])
    const operator = new Wallet(secrets.submitterKey, provider)
    const { deployment, verifier } =
      book === undefined ? await deployBare(operator, artifacts) : await deployAll(rpcUrl, operator, artifacts, book)
    const source = { rpcUrl, ledger: deployment.ledger, fromBlock: deployment.fromBlock }
    const [reader, writer] = await Promise.all([
      LedgerReader.connect(source),
      LedgerWriter.connect({ ...source, privateKey: secrets.submitterKey }),
    ])
    try {
      progress('policy')
      await activatePolicy(reader, writer, policy)
      progress('epoch')
      const terms = { ...termsOf(secrets, reader.config), verifiers: [verifier] }
      await openNextEpoch(reader, writer, { ...terms, sealedMode: sealed })
    } finally {
      reader.close()
      writer.close()
    }
    return deployment
  })
}

interface Deployed {
  readonly deployment: LocalDeployment
  /** Address of the circuit's. */
  readonly verifier: string
}

const shapeOf = ({ manifest: { shards } }: Artifacts) => ({
  shards,
  genesisState: stateHash(0n, genesisStates(shards)),
  resetState: stateHash(0n, resetStates(shards)),
})

async function deployBare(operator: Wallet, artifacts: Artifacts): Promise<Deployed> {
  const { policyDelayS, ledger } = TERMS
  const { deadlineS, finalityDepth, minIntervalUs, seedDelay } = ledger
  const deployment = await deployLedger(packageRoot(), operator, {
    ...{ policyDelayS, deadlineS, finalityDepth, seedDelay, minInterval: BigInt(minIntervalUs) },
    operator: operator.address,
    ...shapeOf(artifacts),
  })
  return { deployment, verifier: await deployVerifier(operator, deployment.verifierFactory, artifacts) }
}

async function deployAll(rpcUrl: string, operator: Wallet, artifacts: Artifacts, book: string): Promise<Deployed> {
  await rm(book, { force: true })
  const { name } = artifacts.manifest
  const { contracts, fromBlock, chainId, verifiers } = await deploySystem({
    root: packageRoot(),
    signer: operator,
    config: SystemConfig.parse({ ...TERMS, rpcUrl, circuits: [name] }),
    artifacts: [artifacts],
    shape: shapeOf(artifacts),
    book,
  })
  await depositStake(operator, contracts.bond, STAKE)
  const { ledger, registry, seedSource, verifierFactory } = contracts
  const place = { chainId: BigInt(chainId), ledger, registry, seedSource, verifierFactory, fromBlock }
  return { deployment: { ...place, contracts }, verifier: verifiers[name]?.address ?? '' }
}

async function activatePolicy(reader: LedgerReader, writer: LedgerWriter, policy: PublishedPolicy): Promise<void> {
  const { id } = await writer.proposePolicy(policyWordsOf(policy))
  await until(async () => (await reader.proposals())[Number(id) - 1]?.status === 'ripe')
  await writer.activatePolicy(id)
}
