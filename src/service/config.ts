import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Address, Uint } from '../base/schema.ts'
import { SystemAddresses } from '../chain/system-contracts.ts'
import { ProverSettings } from '../proof/backend/settings.ts'
import { ServiceError } from './errors.ts'

const Ms = z.int().min(1).max(3_600_000)

/** Bounds of the pipeline; each has a default that suits one machine. */
export const Limits = z.strictObject({
  /** Age at which a batch closes though it is not full, ms. */
  batchMaxAgeMs: Ms.max(10_000).default(500),
  /** Orders that may wait for a slot; more are refused. */
  maxWaiting: z.int().min(1).max(1_000_000).default(4096),
  /** Closed batches that may wait for their proofs; with more, receipts stop. */
  maxUnproven: z.int().min(1).max(100_000).default(64),
  /** Closed batches whose witness may still be unknown: the most that can follow one that cannot be proven. */
  maxUnchecked: z.int().min(1).max(100_000).default(16),
  /** In sealed mode: batches that may wait for their draws, the open one counted; with more, receipts stop. */
  maxSealed: z.int().min(1).max(100_000).default(512),
  /** After which the lane is free when its router does not answer, ms. */
  leaseMs: Ms.min(300).default(5000),
  /** After which a proof job goes to another prover, s. */
  proofLeaseS: z.int().min(2).max(86_400).default(600),
  /** Proven batches that wait together go into one transaction, at most so many: four cost about half as much gas each as one alone. */
  maxBatchesPerTransaction: z.int().min(1).max(16).default(4),
  /** A transaction that is not mined for so long is offered at the price of the day, where that is higher, ms. */
  repriceAfterMs: Ms.default(30_000),
  /** How often the chain is looked at, ms. */
  chainLookMs: Ms.default(250),
})
export type Limits = z.infer<typeof Limits>

/** At scale each may run in processes of its own, on one PostgreSQL. */
export const ROLES = ['router', 'prover', 'submitter'] as const

/** What a service is started with. Keys are not here but in the data folder's secrets. */
export const ServiceConfig = z.strictObject({
  /** Folder of keys, embedded database and embedded chain. */
  dataDir: z
    .string()
    .min(1)
    .transform((path) => resolve(path)),
  /** PostgreSQL to use instead of the embedded database. */
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected a postgres:// address')
    .optional(),
  rpcUrl: z.url({ protocol: /^https?$/ }),
  chainId: z.union([Uint(64), z.bigint().positive()]),
  ledger: Address,
  /** Block from which to look for events. */
  fromBlock: z.int().min(0).default(0),
  /** What stands around the ledger: with it the service takes forced orders, answers challenges and minds its stake. */
  contracts: SystemAddresses.optional(),
  /** Name in the circuit catalog. */
  circuit: z.string().min(1),
  /** What this process does; all of it by default. */
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .default([...ROLES]),
  limits: Limits.prefault({}),
  prover: ProverSettings.prefault({}),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn'),
})
export type ServiceConfig = z.infer<typeof ServiceConfig>
/** What a caller writes: limits and level may be left out. */
export type ServiceSettings = z.input<typeof ServiceConfig>

/** @throws ServiceError CONFIG_INVALID, naming the first setting that is wrong. */
export function parseConfig(settings: ServiceSettings): ServiceConfig {
  const { data, error } = ServiceConfig.safeParse(settings)
  if (data) return data
  const [issue] = error.issues
  const path = issue?.path.join('.') ?? ''
  throw new ServiceError('CONFIG_INVALID', `setting ${path}: ${issue?.message ?? 'invalid'}`, { details: { path } })
}

/** Where things lie in a data folder. */
export const dataPaths = (dataDir: string) => ({
  database: join(dataDir, 'db'),
  secrets: join(dataDir, 'secrets.json'),
  lock: join(dataDir, 'lock'),
  chainState: join(dataDir, 'chain.json'),
  deployment: join(dataDir, 'deployment.json'),
  addresses: join(dataDir, 'addresses.json'),
})
