import type { z } from 'zod'
import { dropTornState, keepState } from '../chain/chain-state.ts'
import { buildContracts } from '../chain/compile.ts'
import { DEV_CHAIN_ID, type DevChain, startDevChain } from '../chain/devchain.ts'
import { ChainError } from '../chain/error.ts'
import { outrunHashes } from '../chain/outrun-hashes.ts'
import { LedgerReader } from '../chain/reader.ts'
import type { ChainEpoch } from '../chain/records.ts'
import { CONTRACT_SETS } from '../chain/solc-input.ts'
import { LedgerWriter } from '../chain/writer.ts'
import type { PublishedPolicy } from '../policy/policy.ts'
import { openProver } from '../proof/backend/open-prover.ts'
import { ProverSettings } from '../proof/backend/settings.ts'
import { ensureCircuit } from '../proof/build.ts'
import { ensureCompiled } from '../proof/compile.ts'
import type { Artifacts } from '../proof/manifest.ts'
import { ensureNativeProver, expectNativeProver } from '../proof/native/build.ts'
import type { Prover } from '../proof/prover.ts'
import { packageRoot } from '../proof/root.ts'
import type { Clock } from './clock.ts'
import { dataPaths, type Limits, type ServiceConfig } from './config.ts'
import { type DataLock, lockDataDir } from './data-lock.ts'
import { defaultPolicy } from './default-policy.ts'
import { type KnownDeployment, readDeployment, writeDeployment } from './deployment-file.ts'
import { ServiceError } from './errors.ts'
import type { Log } from './log.ts'
import { openNextEpoch } from './next-epoch.ts'
import { kindOf, openService, openStore } from './open-service.ts'
import type { ChainWrites } from './ports.ts'
import { loadSecrets, type OwnSecrets } from './secrets.ts'
import type { FairleadService } from './service.ts'
import { setUpLedger } from './setup-ledger.ts'
import type { Database } from './store/database.ts'

/** The circuit of a new ledger, unless another is asked for: S = 16 where proofs are fast, else the smallest. */
export const DEFAULT_CIRCUITS = { native: 'two-choice-16-43', snarkjs: 'two-choice-4-8' } as const

/**
 * Steps of a start, in order, with what a terminal says of them. Contracts and circuit compile while the native prover is built; the steps from `deploy` to `epoch` are for a
 * new data folder only.
 */
export const BOOT_STEPS = {
  keys: 'Keys and data folder',
  native: 'Native prover',
  circuit: 'Circuit and proving key',
  contracts: 'Contracts compiled',
  chain: 'Local chain',
  deploy: 'Contracts deployed',
  policy: 'Policy active',
  epoch: 'Epoch open',
  service: 'Service ready',
} as const
export type BootStep = keyof typeof BOOT_STEPS

/** What a start may be told. What is said of a new ledger has no effect where the data folder has one. */
export interface BootOptions {
  readonly dataDir: string
  /** Port of the local chain on the loopback interface. */
  readonly chainPort: number
  /** Name in the circuit catalog; what the data folder was set up for, or one of {@link DEFAULT_CIRCUITS}, by default. */
  readonly circuit?: string | undefined
  /** Which backend makes proofs; the fastest that works by default. */
  readonly prover?: z.input<typeof ProverSettings> | undefined
  /** Of a new ledger; the default one of the circuit's shards and kind otherwise. */
  readonly policy?: (artifacts: Artifacts) => PublishedPolicy
  /** Whether a new ledger gets bond, challenges, forced orders, redemption and reputation around it. Default: false. */
  readonly system?: boolean
  /** Whether a new ledger's first epoch is in sealed mode. Default: false. */
  readonly sealed?: boolean
  readonly limits?: Partial<Limits>
  readonly databaseUrl?: string
  readonly logLevel?: ServiceConfig['logLevel']
  readonly log?: Log
  /** The system's by default. */
  readonly clock?: Clock
  /** Stands between the submitter and the chain. */
  readonly between?: (writer: ChainWrites) => ChainWrites
  /** Told in one line what the user should know, such as why there is no native prover. */
  readonly onNote?: (line: string) => void
  /** Told when a step begins, how far a long one is, and when it is done. */
  readonly onStep?: (
    step: BootStep,
    state: 'begun' | 'done' | { readonly done: number; readonly total: number },
  ) => void
}

/** A whole Fairlead on one machine. */
export interface LocalFairlead {
  /** The one that runs, also after {@link reopen}. */
  readonly service: FairleadService
  readonly chain: DevChain
  readonly deployment: KnownDeployment
  readonly artifacts: Artifacts
  readonly prover: Prover
  readonly secrets: OwnSecrets
  /** Stops the service and opens it again on the same chain, in the epoch that is the latest by then. */
  reopen(): Promise<FairleadService>
  /** Stops service, prover and chain, in this order; everything stays in the data folder. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts everything on one machine: keys, circuit, chain, contracts, policy, epoch, service. What the data folder holds already is used again.
 * @throws ServiceError DATA_DIR_LOCKED, DATA_DIR_MISMATCH (folder and chain do not belong together, or the folder is for another
 * circuit), CHAIN_MISMATCH; ChainError such as CHAIN_PORT_BUSY; ArtifactError.
 */
export async function startLocal(options: BootOptions): Promise<LocalFairlead> {
  const { dataDir, chainPort, onStep = () => {} } = options
  const settings = ProverSettings.parse(options.prover ?? {})
  const paths = dataPaths(dataDir)
  const opened: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (let undo = opened.pop(); undo; undo = opened.pop()) await undo()
  }
  const step = async <T>(name: BootStep, act: () => Promise<T>): Promise<T> => {
    onStep(name, 'begun')
    const result = await act()
    onStep(name, 'done')
    return result
  }
  try {
    const lock = await lockDataDir(paths.lock)
    opened.push(lock.release)
    const [secrets, known] = await step('keys', () =>
      Promise.all([loadSecrets(paths.secrets), readDeployment(paths.deployment)]),
    )
    if (known && options.circuit !== undefined && known.circuit !== options.circuit)
      throw new ServiceError(
        'DATA_DIR_MISMATCH',
        `${dataDir} was set up for circuit ${known.circuit}, not ${options.circuit}`,
        {
          details: { expected: known.circuit, found: options.circuit },
        },
      )
    if (known && options.system === true && known.contracts === undefined)
      throw new ServiceError('DATA_DIR_MISMATCH', `${dataDir} was set up with a bare ledger`, {
        details: { expected: 'a system', found: 'a bare ledger' },
      })
    const { databaseUrl, logLevel, limits = {}, clock, log, between } = options
    // Opening takes seconds, which nothing before the service has to wait for.
    let store: Promise<Database> | undefined = openStore({ dataDir, databaseUrl })
    store.catch(() => {}) // awaited by the service
    opened.push(async () => {
      const unused = await store?.catch(() => undefined)
      await unused?.close()
    })
    const sets = options.system === true ? CONTRACT_SETS : (['ledger'] as const)
    const contracts = step('contracts', () => buildContracts(packageRoot(), sets))
    contracts.catch(() => {}) // awaited below, after the steps that it overlaps with
    const building = step('native', () => ensureNativeProver())
    building.catch(() => {}) // awaited below
    // Which circuit it will be is all but known before Go has built the prover, and the circuit's compiler has one thread.
    const likely = options.circuit ?? known?.circuit ?? defaultCircuit(settings, await expectNativeProver())
    const compiling = ensureCompiled(likely)
    compiling.catch(() => {}) // awaited or tried again below
    const native = await building
    if (native.binary === undefined) options.onNote?.(`no native prover: ${native.why}; proofs are made by snarkjs`)
    const circuit = options.circuit ?? known?.circuit ?? defaultCircuit(settings, native.binary !== undefined)
    const artifacts = await step('circuit', async () => {
      if (circuit === likely) await compiling
      return ensureCircuit(circuit, { onProgress: ({ done, total }) => onStep('circuit', { done, total }) })
    })
    const { prover, ready } = openProver(settings, artifacts, (failed) =>
      options.log?.warn(failed, 'a proof goes to another backend'),
    )
    opened.push(() => prover.close())
    await contracts
    if (!known) await dropTornState(paths.chainState)
    const chain = await step('chain', () => startDevChain({ port: chainPort, stateFile: paths.chainState }))
    opened.push(() => chain.stop())
    const deployment = known
      ? await assertDeployed(chain.url, known)
      : await setUp(options, chain.url, secrets, artifacts)
    const { ledger, fromBlock, contracts: around } = deployment
    const place = { dataDir, rpcUrl: chain.url, chainId: DEV_CHAIN_ID, ledger, fromBlock, contracts: around }
    if (known) {
      const latest = await epochOn(chain.url, ledger)
      // The next one keeps the mode.
      if (latest.abandoned) await step('epoch', () => goOn(chain.url, known, secrets, paths.chainState))
      await mindMode(chain.url, ledger, latest, options)
    }
    const open = (held: DataLock) => {
      const database = store
      store = undefined
      return openService(
        { ...place, circuit, limits, databaseUrl, logLevel },
        {
          ...{ prover, ready, artifacts, lock: held, ownChain: true },
          ...(database && { database }),
          ...(log && { log }),
          ...(clock && { clock }),
          ...(between && { between }),
        },
      )
    }
    let service = await step('service', () => open(lock))
    opened.push(() => service.stop())
    const reopen = async (): Promise<FairleadService> => {
      await service.stop()
      // The seed of an epoch that begins now cannot be made again.
      await keepState(chain.url, paths.chainState)
      service = await open(await lockDataDir(paths.lock))
      return service
    }
    return {
      get service() {
        return service
      },
      ...{ chain, deployment, artifacts, prover, secrets, reopen, stop },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Sixteen shards where the native prover will be the backend. */
function defaultCircuit({ backend }: ProverSettings, native: boolean): string {
  const fast = native && (backend === 'auto' || backend === 'native')
  return fast ? DEFAULT_CIRCUITS.native : DEFAULT_CIRCUITS.snarkjs
}

async function setUp(
  { dataDir, policy, system = false, sealed, onStep = () => {} }: BootOptions,
  rpcUrl: string,
  secrets: OwnSecrets,
  artifacts: Artifacts,
): Promise<KnownDeployment> {
  const { manifest } = artifacts
  let current: BootStep | undefined
  const next = (name?: BootStep): void => {
    if (current) onStep(current, 'done')
    if (name) onStep(name, 'begun')
    current = name
  }
  const published = policy?.(artifacts) ?? defaultPolicy(manifest.shards, kindOf(manifest))
  const paths = dataPaths(dataDir)
  const book = system ? paths.addresses : undefined
  const made = await setUpLedger(rpcUrl, secrets, artifacts, published, { book, sealed }, next)
  const deployment = { ...made, circuit: manifest.name }
  // In this order: a ledger that is written down as there must not be lost with the chain's process.
  await keepState(rpcUrl, paths.chainState)
  await writeDeployment(paths.deployment, deployment)
  next()
  return deployment
}

/** @param epoch the latest by default. */
async function epochOn(rpcUrl: string, ledger: string, epoch?: bigint): Promise<ChainEpoch> {
  const reader = await LedgerReader.connect({ rpcUrl, ledger })
  try {
    return await reader.epoch(epoch ?? (await reader.latestEpoch()))
  } finally {
    reader.close()
  }
}

/** Sees to it that sealed batches can be delivered on a chain that was started again. @throws ServiceError DATA_DIR_MISMATCH when sealed mode is asked for and the latest epoch is in instant mode. */
async function mindMode(
  rpcUrl: string,
  ledger: string,
  { epoch, sealedMode, abandoned }: ChainEpoch,
  { sealed = false }: BootOptions,
): Promise<void> {
  // The one before may have batches that wait for their draws.
  const before = epoch > 1n && !abandoned ? await epochOn(rpcUrl, ledger, epoch - 1n) : undefined
  if (sealedMode || before?.sealedMode) await outrunHashes(rpcUrl)
  if (sealedMode) return
  if (!sealed) return
  throw new ServiceError(
    'DATA_DIR_MISMATCH',
    `epoch ${epoch} is in instant mode; the next one can be sealed: fairlead epoch change --sealed`,
    { details: { expected: 'sealed', found: 'instant' } },
  )
}

/** Opens the epoch after one that was abandoned, from its last accepted state: on its own chain nobody else would. */
async function goOn(
  rpcUrl: string,
  { ledger, fromBlock }: KnownDeployment,
  { submitterKey }: OwnSecrets,
  stateFile: string,
): Promise<void> {
  const source = { rpcUrl, ledger, fromBlock }
  const [reader, writer] = await Promise.all([
    LedgerReader.connect(source),
    LedgerWriter.connect({ ...source, privateKey: submitterKey }),
  ])
  try {
    await openNextEpoch(reader, writer)
    await keepState(rpcUrl, stateFile)
  } finally {
    reader.close()
    writer.close()
  }
}

/** @throws ServiceError DATA_DIR_MISMATCH when the chain does not have the folder's ledger. */
async function assertDeployed(rpcUrl: string, known: KnownDeployment): Promise<KnownDeployment> {
  try {
    const reader = await LedgerReader.connect({ rpcUrl, ledger: known.ledger })
    reader.close()
    return known
  } catch (cause) {
    if (!(cause instanceof ChainError) || cause.code !== 'CHAIN_MISMATCH') throw cause
    throw new ServiceError(
      'DATA_DIR_MISMATCH',
      `the local chain lost ledger ${known.ledger}: its state file is gone or cut short`,
      { cause },
    )
  }
}
