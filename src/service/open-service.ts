import { DutyWriter } from '../chain/duty-writer.ts'
import { connectProvider } from '../chain/provider.ts'
import { LedgerReader } from '../chain/reader.ts'
import type { ChainEpoch } from '../chain/records.ts'
import { SendingTurn } from '../chain/sending-turn.ts'
import type { SystemAddresses } from '../chain/system-contracts.ts'
import { SystemReader } from '../chain/system-reader.ts'
import { LedgerWriter, type WriterSource } from '../chain/writer.ts'
import { POLICY_KINDS, type PolicyKindName, policyKind, policyOf } from '../policy/policy.ts'
import { openProver } from '../proof/backend/open-prover.ts'
import { isProofWords, proofFromWords } from '../proof/calldata.ts'
import { type Artifacts, assertKeyAllowed, type Manifest } from '../proof/manifest.ts'
import type { Prover } from '../proof/prover.ts'
import { verifyProof } from '../proof/verify.ts'
import { verifyingKeyWords } from '../proof/vkey.ts'
import { verifierIdOf } from '../statement/verifier-id.ts'
import { assertChainAgrees } from './chain-agreement.ts'
import { ChainWindow } from './chain-window.ts'
import { type Clock, systemClock } from './clock.ts'
import { dataPaths, parseConfig, type ServiceConfig, type ServiceSettings } from './config.ts'
import { type DataLock, lockDataDir } from './data-lock.ts'
import { ServiceError } from './errors.ts'
import { type CircuitFacts, type EpochFacts, type LaneContext, laneContext, opensEpoch } from './lane-context.ts'
import { createLog, type Log } from './log.ts'
import type { ChainWrites, VerifyBatchProof } from './ports.ts'
import { EpochSigner } from './receipt-signer.ts'
import { resendLost } from './resend-lost.ts'
import { loadSecrets, type OwnSecrets, type Secrets } from './secrets.ts'
import { servedEpoch } from './served-epoch.ts'
import { FairleadService } from './service.ts'
import type { ServiceParts } from './service-parts.ts'
import { SigningThread } from './signing-thread.ts'
import { type Database, openPGlite, openPostgres } from './store/database.ts'
import { WitnessThread } from './witness-thread.ts'

/** What a caller has already. A prover, store or lock that is left out the service opens itself, and closes when it stops. */
export interface ServiceDeps {
  /** One of the settings' backends unless the caller has one; the caller closes its own. */
  readonly prover?: Prover
  /** When that prover may be given jobs; the service opens its store meanwhile, and starts after it. */
  readonly ready?: Promise<void>
  /** Of the configured circuit. */
  readonly artifacts: Artifacts
  /** The store, where the caller has begun to open it; the service closes it when it stops. */
  readonly database?: Promise<Database>
  /** The data folder's lock, when the caller holds it already; the service gives it back when it stops. */
  readonly lock?: DataLock
  /** The chain is this folder's own, and may have lost its last blocks with its process: its batches are sent again. */
  readonly ownChain?: boolean
  readonly log?: Log
  readonly clock?: Clock
  /** Stands between the submitter and the chain, where somebody wants to see what happens when they part. */
  readonly between?: (writer: ChainWrites) => ChainWrites
}

/**
 * Opens a service on a ledger with an epoch that is open under this operator's keys: see {@link servedEpoch}.
 * @throws ServiceError CONFIG_INVALID, DATA_DIR_LOCKED, DATABASE_UNREACHABLE, CHAIN_MISMATCH, DATA_DIR_MISMATCH, NOT_READY (no open epoch),
 * LEASE_LOST; ChainError CHAIN_UNREACHABLE; ArtifactError DEV_KEY_FORBIDDEN.
 */
export async function openService(settings: ServiceSettings, deps: ServiceDeps): Promise<FairleadService> {
  const config = parseConfig(settings)
  assertKeyAllowed(deps.artifacts.manifest, config.chainId)
  const paths = dataPaths(config.dataDir)
  const log = deps.log ?? createLog(config.logLevel)
  // What was opened, to be closed the other way round.
  const opened: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (let undo = opened.pop(); undo; undo = opened.pop()) await undo()
  }
  try {
    const lock = deps.lock ?? (await lockDataDir(paths.lock))
    opened.push(() => lock.release())
    const store = deps.database ?? openStore(config)
    store.catch(() => {}) // awaited below
    opened.push(async () => (await store.catch(() => undefined))?.close())
    const secrets = await loadSecrets(paths.secrets)
    const source = { rpcUrl: config.rpcUrl, ledger: config.ledger, fromBlock: config.fromBlock }
    const reader = await LedgerReader.connect(source)
    opened.push(() => reader.close())
    const writer = await LedgerWriter.connect({ ...source, privateKey: secrets.submitterKey })
    opened.push(() => writer.close())
    const turn = new SendingTurn()
    const around = config.contracts && (await openAround(config, config.contracts, { ...secrets, turn }, opened))
    const database = await store
    const found = await servedEpoch(reader, database.db, reader.config.finalityDepth)
    const { context, verifier } = contextOf(config, reader, found, secrets, deps.artifacts)
    const sealing = context.sealedMode ? await openSealing(reader, source, { ...secrets, turn }, opened) : undefined
    const witness = new WitnessThread({ wasm: deps.artifacts.paths.wasm })
    opened.push(() => witness.close())
    const signing = new SigningThread({ key: secrets.signerKey, separator: context.separator })
    opened.push(() => signing.close())
    const prover = deps.prover ?? (await ownProver(config, deps.artifacts, opened))
    const shards = context.policy.shards.length
    if (deps.ownChain) {
      const batches = await resendLost({ db: database.db, reader, writer, shards })
      if (batches > 0) log.warn({ batches }, 'the development chain had lost batches: sent again')
    }
    await assertChainAgrees(database.db, reader, shards)
    await deps.ready
    return await FairleadService.start({
      config,
      database,
      exclusive: config.databaseUrl === undefined,
      context,
      signer: new EpochSigner(secrets.signerKey, context.separator),
      signReceipts: signing.sign,
      reader,
      chain: new ChainWindow(config.rpcUrl, reader.config),
      writer: deps.between?.(writer) ?? writer,
      epochs: writer,
      around,
      sealing,
      prover,
      verify: verifierOf(deps.artifacts),
      witness,
      verifier,
      beneficiary: writer.address,
      deadlineS: reader.config.deadlineS,
      finalityDepth: reader.config.finalityDepth,
      clock: deps.clock ?? systemClock,
      log,
      close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

/** The store of a data folder, or the PostgreSQL that is named. @throws ServiceError DATABASE_UNREACHABLE. */
export const openStore = ({
  dataDir,
  databaseUrl,
}: Pick<ServiceConfig, 'dataDir' | 'databaseUrl'>): Promise<Database> =>
  databaseUrl === undefined ? openPGlite(dataPaths(dataDir).database) : openPostgres(databaseUrl)

/** The account for all but batches, and the turn in which its transactions are sent. */
type DutyAccount = Pick<OwnSecrets, 'dutyKey'> & { readonly turn: SendingTurn }

/** Clients of what stands around the ledger; closed with what was opened. */
async function openAround(
  { rpcUrl, fromBlock }: ServiceConfig,
  contracts: SystemAddresses,
  { dutyKey, turn }: DutyAccount,
  opened: (() => unknown)[],
): Promise<NonNullable<ServiceParts['around']>> {
  const { provider } = await connectProvider(rpcUrl)
  opened.push(() => provider.destroy())
  const writer = await DutyWriter.connect(rpcUrl, contracts, dutyKey, turn)
  opened.push(() => writer.close())
  return { system: new SystemReader(provider, contracts), writer, fromBlock }
}

/** What sends seals, from the account for duties: batches' transactions must follow each other. */
async function openSealing(
  chain: LedgerReader,
  source: Omit<WriterSource, 'privateKey'>,
  { dutyKey, turn }: DutyAccount,
  opened: (() => unknown)[],
): Promise<NonNullable<ServiceParts['sealing']>> {
  const writer = await LedgerWriter.connect({ ...source, privateKey: dutyKey })
  opened.push(() => writer.close())
  return { chain, writer, turn }
}

/** The settings' prover, ready; closed with what was opened. */
async function ownProver(
  config: ServiceConfig,
  artifacts: Artifacts,
  opened: (() => unknown)[],
): Promise<ServiceParts['prover']> {
  const { prover, ready } = openProver(config.prover, artifacts)
  opened.push(() => prover.close())
  await ready
  return prover
}

/** What the service needs to know of its circuit. */
export function circuitFacts({ manifest, verifyingKey }: Artifacts): CircuitFacts {
  const { name, shards, slots } = manifest
  const shape = { shards, slots }
  return { name, shape, verifierId: verifierIdOf(kindOf(manifest), shape, verifyingKeyWords(verifyingKey)) }
}

/** @throws ServiceError CONFIG_INVALID for a circuit of no known kind of policy. */
export function kindOf({ name, kind }: Pick<Manifest, 'name' | 'kind'>): PolicyKindName {
  const known = policyKind(kind)
  if (known) return known
  throw new ServiceError('CONFIG_INVALID', `circuit ${name} is of no known kind of policy`)
}

function verifierOf({ verifyingKey }: Artifacts): VerifyBatchProof {
  return async (signals, words) => isProofWords(words) && verifyProof(verifyingKey, signals, proofFromWords(words))
}

function contextOf(
  config: ServiceConfig,
  reader: LedgerReader,
  found: ChainEpoch,
  { operatorKey: key, signerKey }: Secrets,
  artifacts: Artifacts,
): { context: LaneContext; verifier: number } {
  const { chainId, ledger, minInterval } = reader.config
  const mismatch = (what: string, expected: unknown, found: unknown): ServiceError =>
    new ServiceError('CHAIN_MISMATCH', what, { details: { expected, found } })
  if (chainId !== config.chainId) throw mismatch('the endpoint serves another chain', config.chainId, chainId)
  const circuit = circuitFacts(artifacts)
  const facts = epochFacts(found)
  const context = laneContext({ ...facts, domain: { chainId, ledger }, circuit, key, minInterval })
  const { address } = new EpochSigner(signerKey, context.separator)
  if (address !== facts.signer) throw mismatch("the epoch's signer is another", address, facts.signer)
  if (!opensEpoch(key, facts)) throw mismatch("the operator key is not the epoch's", undefined, facts.keyCommit)
  const verifier = found.verifiers.findIndex(({ verifierId }) => verifierId === circuit.verifierId)
  const kind = POLICY_KINDS.indexOf(kindOf(artifacts.manifest))
  if (verifier < 0 || found.verifiers[verifier]?.kind !== kind)
    throw mismatch(`the epoch does not take proofs of ${circuit.name} under this key`, circuit.verifierId, undefined)
  return { context, verifier }
}

const epochFacts = (found: ChainEpoch): EpochFacts => {
  const { epoch, firstBatch, keyCommit, seed, signer, fromReset, sealedMode, ...rest } = found
  const { feeWord, policyWords, multipliers } = rest
  const { words, settlements, reportSigners } = found.policy
  const accounts = { settlements, reportSigners }
  const published = { ...policyOf(feeWord, words), ...accounts }
  const policy = { ...policyOf(feeWord, policyWords), ...accounts }
  return { epoch, firstBatch, keyCommit, seed, signer, fromReset, sealedMode, policy, published, multipliers }
}
