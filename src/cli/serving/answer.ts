import { join } from 'node:path'
import express from 'express'
import { createApp } from '../../http/app.ts'
import { type Listening, listen } from '../../http/listen.ts'
import { SEGMENTS } from '../../order/order.ts'
import { packageRoot } from '../../proof/root.ts'
import { ApiKeys } from '../../service/api-keys.ts'
import { Idempotency } from '../../service/idempotency.ts'
import type { createLog } from '../../service/log.ts'
import { OrderQuota } from '../../service/order-quota.ts'
import { OPERATOR_SCOPES } from '../../service/scopes.ts'
import type { FairleadService } from '../../service/service.ts'
import { type ClientKeys, readClientKeys, writeClientKeys } from '../shared/client-keys.ts'

/** Where and to whom a service answers. The data folder is where the API keys are kept. */
export interface AnswerOptions {
  readonly dataDir: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Origins whose pages may ask. */
  readonly corsOrigins?: readonly string[]
  /** Whether the explorer is served, and everybody may read what is public anyway. Default: false. */
  readonly explorer?: boolean
  /** Proxies in front, whose `X-Forwarded-For` is believed. Default: none. */
  readonly proxies?: number
  /** PostgreSQL, which other processes use too. */
  readonly databaseUrl?: string
}

/** A service that answers over HTTP. */
export interface Answering {
  readonly http: Listening
  /** One API key a segment, and the operator's; also kept in the data folder. */
  readonly keys: Required<ClientKeys>
  /** Whether the keys were made by this start. */
  readonly keysAreNew: boolean
}

/** Where `npm run build:explorer` puts the pages. */
export const explorerFolder = (): string => join(packageRoot(), 'build/explorer')

/** A start takes a while: that the port is taken should not show at its end. @throws ListenError. */
export async function assertCanListen({ host, port }: Pick<AnswerOptions, 'host' | 'port'>): Promise<void> {
  await (await listen(express(), { host, port })).close(0)
}

/** Makes a service answer over HTTP; the caller stops the service itself. @throws ListenError. */
export async function answer(
  service: FairleadService,
  log: ReturnType<typeof createLog>,
  options: AnswerOptions,
): Promise<Answering> {
  const { host, port, corsOrigins, proxies = 0, explorer = false } = options
  const apiKeys = new ApiKeys(service.database.db)
  const { keys, made } = await ensureClientKeys(apiKeys, options.dataDir)
  const idempotency = new Idempotency(service.database.db)
  // The embedded database is this process's alone: whoever left claims in it is dead.
  if (options.databaseUrl === undefined) await idempotency.freeAbandoned()
  const quota = new OrderQuota(service.database.db)
  const app = createApp({
    ...{ service, keys: apiKeys, idempotency, quota, registry: service.metrics, log },
    proxies,
    ...(explorer && { publicReads: true, explorer: explorerFolder() }),
    ...(corsOrigins && { corsOrigins }),
  })
  return { http: await listen(app, { host, port }), keys, keysAreNew: made }
}

/** The data folder's API keys that still work, with new ones for those that do not. */
async function ensureClientKeys(
  apiKeys: ApiKeys,
  dataDir: string,
): Promise<{ keys: Required<ClientKeys>; made: boolean }> {
  const kept = await readClientKeys(dataDir)
  const keys = { retail: '', institutional: '', operator: '' }
  let made = false
  for (const segment of SEGMENTS) {
    const known = kept[segment]
    if (known !== undefined && (await apiKeys.check(known))?.segment === segment) keys[segment] = known
    else {
      keys[segment] = (await apiKeys.create({ name: `local ${segment}`, segment })).token
      made = true
    }
  }
  const operator = kept.operator
  if (operator !== undefined && (await apiKeys.check(operator))) keys.operator = operator
  else {
    const scopes = [...OPERATOR_SCOPES]
    keys.operator = (await apiKeys.create({ name: 'local operator', segment: 'retail', scopes })).token
    made = true
  }
  if (made) await writeClientKeys(dataDir, keys)
  return { keys, made }
}
