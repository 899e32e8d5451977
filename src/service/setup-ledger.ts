import { setTimeout as delay } from 'node:timers/promises'
import { type JsonRpcProvider, Wallet } from 'ethers'
import { type Deployment, deployLedger, deployVerifier } from '../chain/deploy.ts'
import { connectProvider } from '../chain/provider.ts'
import { LedgerReader } from '../chain/reader.ts'
import { LedgerWriter } from '../chain/writer.ts'
import { domainSeparator } from '../order/domain.ts'
import { keyCommitmentOf } from '../policy/keys.ts'
import { feeWord, type PublishedPolicy, policyHash, shardPolicyWord } from '../policy/policy.ts'
import { type Artifacts, assertKeyAllowed } from '../proof/manifest.ts'
import { packageRoot } from '../proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../route/state.ts'
import { EpochSigner } from './receipt-signer.ts'
import type { Secrets } from './secrets.ts'

/** A development ledger's terms: no timelock, quick finality, ten minutes for a batch. */
const TERMS = { policyDelayS: 0, deadlineS: 600, finalityDepth: 8, minInterval: 1000n, seedDelay: 1 } as const
/** More than a development chain's operator can spend, in wei. */
const FUNDS = `0x${(10n ** 24n).toString(16)}`

/** Told what is done next. */
export type SetupProgress = (step: 'deploy' | 'policy' | 'epoch') => void

/**
 * Deploys a ledger on a development chain, makes a policy its active one, and opens its first epoch under the given keys. The
 * submitter's account pays for everything and is the operator.
 * @throws ChainError; ArtifactError DEV_KEY_FORBIDDEN when the chain is not a development chain.
 */
export async function setUpLedger(
  rpcUrl: string,
  secrets: Secrets,
  artifacts: Artifacts,
  policy: PublishedPolicy,
  progress: SetupProgress,
): Promise<Deployment> {
  const { provider, chainId } = await connectProvider(rpcUrl)
  try {
    assertKeyAllowed(artifacts.manifest, chainId)
    progress('deploy')
    const { deployment, verifier } = await deploy(provider, secrets, artifacts)
    const source = { rpcUrl, ledger: deployment.ledger, fromBlock: deployment.fromBlock }
    const [reader, writer] = await Promise.all([
      LedgerReader.connect(source),
      LedgerWriter.connect({ ...source, privateKey: secrets.submitterKey }),
    ])
    try {
      progress('policy')
      await activatePolicy(reader, writer, policy)
      progress('epoch')
      const separator = domainSeparator({ chainId, ledger: deployment.ledger })
      const { seedBlock } = await writer.announceEpoch({
        firstBatch: 0n,
        keyCommit: keyCommitmentOf(secrets.operatorKey),
        signer: new EpochSigner(secrets.signerKey, separator).address,
        policyHash: policyHash(policy),
        verifiers: [verifier],
      })
      await until(async () => BigInt(await reader.blockNumber()) > seedBlock)
      await writer.openEpoch()
    } finally {
      reader.close()
      writer.close()
    }
    return deployment
  } finally {
    provider.destroy()
  }
}

async function deploy(provider: JsonRpcProvider, { submitterKey }: Secrets, artifacts: Artifacts) {
  const wallet = new Wallet(submitterKey, provider)
  await provider.send('anvil_setBalance', [wallet.address, FUNDS])
  const { shards } = artifacts.manifest
  const deployment = await deployLedger(packageRoot(), wallet, {
    ...TERMS,
    operator: wallet.address,
    shards,
    genesisState: stateHash(0n, genesisStates(shards)),
    resetState: stateHash(0n, resetStates(shards)),
  })
  return { deployment, verifier: await deployVerifier(wallet, deployment.verifierFactory, artifacts) }
}

async function activatePolicy(reader: LedgerReader, writer: LedgerWriter, policy: PublishedPolicy): Promise<void> {
  const words = policy.shards.map(shardPolicyWord)
  const { id } = await writer.proposePolicy({
    feeWord: feeWord(policy),
    words,
    settlements: policy.settlements,
    reportSigners: policy.reportSigners,
  })
  await until(async () => (await reader.proposals())[Number(id) - 1]?.status === 'ripe')
  await writer.activatePolicy(id)
}

/** The chain tells nothing by itself: look until it is so. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(100)
}
