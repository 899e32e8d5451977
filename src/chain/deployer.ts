import type { Signer } from 'ethers'
import { type Artifacts, assertKeyAllowed } from '../proof/manifest.ts'
import { naming } from './contract-error.ts'
import { type Deployment, deployLedger, deployVerifier, type LedgerSettings } from './deploy.ts'
import { ChainError } from './error.ts'

/** A ledger with its verifiers, one a circuit, in the order of the circuits. */
export interface FullDeployment extends Deployment {
  readonly verifiers: readonly string[]
}

/**
 * Deploys a ledger and the verifiers of its circuits. Every key is checked before anything is sent.
 * @throws ArtifactError `DEV_KEY_FORBIDDEN` for a dev key on a real chain; ChainError `CHAIN_MISMATCH` for a circuit of another number of shards, and
 * whatever deploying throws.
 */
export async function deployAll(
  root: string,
  signer: Signer,
  settings: LedgerSettings,
  artifacts: readonly Artifacts[],
): Promise<FullDeployment> {
  const chainId = await naming(async () => (await signer.provider?.getNetwork())?.chainId)
  if (chainId === undefined) throw new ChainError('CHAIN_UNREACHABLE', 'the deployer is not connected to a chain')
  for (const { manifest } of artifacts) {
    assertKeyAllowed(manifest, chainId)
    if (manifest.shards === settings.shards) continue
    const details = { circuit: manifest.name, expected: settings.shards, found: manifest.shards }
    throw new ChainError('CHAIN_MISMATCH', `circuit ${manifest.name} is for ${manifest.shards} shards`, { details })
  }
  const deployment = await deployLedger(root, signer, settings)
  const verifiers: string[] = []
  for (const each of artifacts) verifiers.push(await deployVerifier(signer, deployment.verifierFactory, each))
  return { ...deployment, verifiers }
}
