/** One local service for everything that the documentation shows, started as a reader starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readClientKeys } from '../../src/cli/shared/client-keys.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { freePort } from '../contracts/chain.ts'

export interface DocsService {
  /** What the guides tell their readers to set. */
  readonly env: NodeJS.ProcessEnv
  /** What it printed until it served. */
  readonly printed: string
}

/** The last thing that a start prints. */
const SERVING = 'Serving.'

let users = 0
let shared: Promise<{ service: DocsService; stop: () => Promise<void> }> | undefined

/** The service that all files of this folder share; the last one to finish ends it. Call inside `describe`. */
export function useDocsService(): () => DocsService {
  users++
  let service: DocsService | undefined
  before(async function () {
    this.timeout(300_000) // The first one builds the circuit, where nothing is cached.
    shared ??= start()
    service = (await shared).service
  })
  after(async () => {
    users--
    if (users === 0) await (await shared)?.stop()
  })
  return () => {
    if (!service) throw new Error('the service is there in tests only')
    return service
  }
}

async function start(): Promise<{ service: DocsService; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-docs-'))
  const ports = ['--port', `${await freePort()}`, '--chain-port', `${await freePort()}`]
  const args = ['fairlead', 'start', '--no-sample', '--circuit', 'two-choice-4-8', '--data-dir', folder, ...ports]
  const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  const found: Record<string, string> = {}
  for await (const line of createInterface(child.stdout)) {
    printed += `${line}\n`
    const [, name = '', value = ''] = /^(API|chain|ledger) {2,}(\S+)/.exec(line) ?? []
    found[name] = value
    if (line.startsWith(SERVING)) break
  }
  child.stdout.resume()
  const keys = await readClientKeys(folder)
  const place = {
    FAIRLEAD_URL: found.API,
    FAIRLEAD_RPC: found.chain,
    FAIRLEAD_LEDGER: found.ledger,
    FAIRLEAD_RETAIL_KEY: keys.retail,
    FAIRLEAD_INSTITUTIONAL_KEY: keys.institutional,
    FAIRLEAD_DATA_DIR: folder,
  }
  const stop = async (): Promise<void> => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { service: { env: { ...process.env, ...place }, printed }, stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
