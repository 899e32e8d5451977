import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { CodedError } from '../../base/error.ts'
import { anvilBinary } from '../../chain/anvil-binary.ts'
import { withProvider } from '../../chain/provider.ts'
import { artifactsDir } from '../../proof/build.ts'
import { loadCatalog } from '../../proof/catalog.ts'
import { ArtifactError } from '../../proof/error.ts'
import { loadArtifacts } from '../../proof/manifest.ts'
import { findGo, isEnough } from '../../proof/native/build.ts'
import { findNativeProver } from '../../proof/native/find.ts'
import { neededGo } from '../../proof/native/sources.ts'
import { dataPaths } from '../../service/config.ts'
import { openPGlite, openPostgres } from '../../service/store/database.ts'

/** One finding. What is not needed may be missing: everything works without it, or it is made when it is first asked for. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly needed: boolean
  /** A line for people. */
  readonly message: string
  /** Of a prover backend that made its proof. */
  readonly times?: { readonly witnessMs: number; readonly proveMs: number; readonly totalMs: number }
}

const NEEDED_NODE = [20, 19] as const

/** Whether Node is recent enough. @param version such as `20.19.0`. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])
  return {
    name: 'node',
    ok,
    needed: true,
    message: ok ? version : `${version}, but ${NEEDED_NODE.join('.')} is needed`,
  }
}

/** Only the native prover is built with Go, so a machine without it is no fault. */
export async function checkGo(): Promise<Finding> {
  const [found, needed] = [await findGo(), neededGo()]
  const ok = found !== undefined && isEnough(found, needed)
  const message = found === undefined ? `not on the PATH (${needed} or later builds the native prover)` : found
  return { name: 'go', ok, needed: false, message: ok || !found ? message : `${found}, but ${needed} is needed` }
}

/** Runs the native prover, where it is built: a binary of another machine does not start. */
export async function checkNative(): Promise<Finding> {
  const binary = findNativeProver()
  if (binary === undefined)
    return { name: 'native', ok: false, needed: false, message: 'not built: npm run build:prover' }
  return attempt('native', false, async () => (await promisify(execFile)(binary, ['version'])).stdout.trim())
}

/** What is built and holds; damaged artifacts are a fault, missing ones are built when they are first needed. */
export async function checkCircuits(): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const name of Object.keys(loadCatalog().circuits)) {
    const label = `circuit ${name}`
    try {
      const { manifest } = await loadArtifacts(artifactsDir(name))
      const message = `${manifest.constraints} constraints, ${manifest.key.origin} key`
      findings.push({ name: label, ok: true, needed: true, message })
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error
      const missing = error.code === 'ARTIFACT_MISSING'
      const message = missing ? `not built: fairlead circuits build ${name}` : `${error.code}: ${error.message}`
      findings.push({ name: label, ok: false, needed: !missing, message })
    }
  }
  return findings
}

/** @param url PostgreSQL; the embedded database, in memory, when there is none. */
export const checkDatabase = (url: string | undefined, dataDir: string): Promise<Finding> =>
  attempt('database', true, async () => {
    const database = await (url === undefined ? openPGlite() : openPostgres(url))
    await database.close()
    if (url !== undefined) return 'PostgreSQL answers'
    const kept = await stat(dataPaths(dataDir).database).catch(() => undefined)
    return `embedded; ${kept ? `data in ${dataDir}` : `no data in ${dataDir} yet`}`
  })

/** @param rpcUrl an endpoint; the local development chain's program when there is none. */
export const checkChain = (rpcUrl: string | undefined): Promise<Finding> =>
  attempt('chain', true, async () => {
    if (rpcUrl === undefined)
      return (await promisify(execFile)(anvilBinary(), ['--version'])).stdout.split('\n')[0] ?? ''
    return withProvider(rpcUrl, async (_, chainId) => `chain ${chainId} answers`)
  })

async function attempt(name: string, needed: boolean, work: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, needed, message: await work() }
  } catch (error) {
    const message =
      error instanceof CodedError ? `${error.code}: ${error.message}` : `cannot be used (${nameOf(error)})`
    return { name, ok: false, needed, message }
  }
}

const nameOf = (error: unknown): string => String(Object(error).code ?? 'unexpected')
