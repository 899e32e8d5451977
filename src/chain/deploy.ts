import { Contract, ContractFactory, type ContractRunner, type Signer, ZeroAddress } from 'ethers'
import type { Hex32 } from '../base/keccak.ts'
import { POLICY_KINDS } from '../policy/policy.ts'
import { type Artifacts, assertKeyAllowed } from '../proof/manifest.ts'
import { verifyingKeyWords } from '../proof/vkey.ts'
import { VERIFIER_FACTORY_ABI } from './abi.ts'
import { readArtifact } from './artifact.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'

/** What a ledger is deployed with; fixed for its life but for the operator. */
export interface LedgerSettings {
  /** Account that proposes policies and announces epochs. */
  readonly operator: string
  readonly shards: number
  /** State hashes, which depend on the number of shards alone (protocol, section 3). */
  readonly genesisState: bigint
  readonly resetState: bigint
  /** Seconds between a policy's proposal and its activation. */
  readonly policyDelayS: number
  /** Seconds from a batch's time to when it must be accepted. */
  readonly deadlineS: number
  /** Blocks after which events count as final. */
  readonly finalityDepth: number
  /** Least time between two batches, µs. */
  readonly minInterval: bigint
  /** Blocks from an epoch's announcement to its seed block, at least 1. */
  readonly seedDelay: number
  /** The inbox of forced orders, which may freeze the ledger. Default: none. */
  readonly inbox?: string
  /** The contract that is told of penalties. Default: none. */
  readonly penalty?: string
  /** The contract that says what weights are multiplied by. Default: none. */
  readonly reputation?: string
}

/** Where a ledger's contracts are. */
export interface Deployment {
  readonly chainId: bigint
  readonly ledger: string
  readonly registry: string
  readonly seedSource: string
  readonly verifierFactory: string
  /** Block from which to look for the ledger's events. */
  readonly fromBlock: number
}

/**
 * Deploys a ledger with all that it needs but verifiers.
 * @param signer pays; it gets no rights.
 * @throws ChainError `ARTIFACT_MISSING`, `TRANSACTION_REVERTED`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`.
 */
export async function deployLedger(root: string, signer: Signer, settings: LedgerSettings): Promise<Deployment> {
  const provider = signer.provider
  if (!provider) throw new ChainError('CHAIN_UNREACHABLE', 'the deployer is not connected to a chain')
  const [{ chainId }, fromBlock] = await naming(() => Promise.all([provider.getNetwork(), provider.getBlockNumber()]))
  const { operator, shards, policyDelayS, genesisState, resetState, deadlineS, ...rest } = settings
  const registry = await deployContract(root, signer, 'PolicyRegistry', [operator, shards, policyDelayS])
  const seedSource = await deployContract(root, signer, 'BlockHashSeedSource', [])
  const verifierFactory = await deployContract(root, signer, 'VerifierFactory', [])
  const config = {
    operator,
    registry,
    seedSource,
    verifierFactory,
    genesisState,
    resetState,
    deadline: deadlineS,
    inbox: ZeroAddress,
    penalty: ZeroAddress,
    reputation: ZeroAddress,
    ...rest,
  }
  const ledger = await deployContract(root, signer, 'RoutingLedger', [config])
  return { chainId, ledger, registry, seedSource, verifierFactory, fromBlock }
}

/**
 * Deploys the verifier of a circuit's key, or finds the one that the factory deployed before.
 * @returns its address.
 * @throws ArtifactError `DEV_KEY_FORBIDDEN` for a dev key on a real chain; ChainError `TRANSACTION_REVERTED` with `details.error` `KeyRefused` for a key
 * under which proofs can be forged.
 */
export async function deployVerifier(
  signer: Signer,
  factory: string,
  { manifest, verifyingKey }: Pick<Artifacts, 'manifest' | 'verifyingKey'>,
): Promise<string> {
  const chainId = await naming(async () => (await signer.provider?.getNetwork())?.chainId)
  if (chainId === undefined) throw new ChainError('CHAIN_UNREACHABLE', 'the deployer is not connected to a chain')
  assertKeyAllowed(manifest, chainId)
  const { kind, shards, slots } = manifest
  // A kind that has no row gets −1, which no uint256 holds: encoding refuses it. Widened, as manifests may name kinds that this code does not know.
  const kindId = (POLICY_KINDS as readonly string[]).indexOf(kind)
  const key = { kind: kindId, shards, slots, words: verifyingKeyWords(verifyingKey) }
  const contract = new Contract(factory, VERIFIER_FACTORY_ABI, signer)
  return naming(async () => {
    const deploy = contract.getFunction('deploy')
    const address: string = await deploy.staticCall(key)
    if (!(await contract.getFunction('isVerifier')(address))) await (await deploy(key)).wait()
    return address
  })
}

/** The verifier of an id, or `undefined` when the factory has none. */
export async function findVerifier(
  runner: ContractRunner,
  factory: string,
  verifierId: Hex32,
): Promise<string | undefined> {
  const contract = new Contract(factory, VERIFIER_FACTORY_ABI, runner)
  const address: string = await naming(() => contract.getFunction('verifierOf')(verifierId))
  return BigInt(address) === 0n ? undefined : address
}

/** Deploys one compiled contract. @returns its address. */
export async function deployContract(root: string, signer: Signer, name: string, args: unknown[]): Promise<string> {
  const { abi, bytecode } = readArtifact(root, name)
  return naming(async () => {
    const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args)
    await contract.waitForDeployment()
    return contract.getAddress()
  })
}
