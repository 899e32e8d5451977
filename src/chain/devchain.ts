import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { anvilBinary } from './anvil-binary.ts'
import { awaitPredecessor, claimState, mendState } from './chain-state.ts'
import { ChainError } from './error.ts'

/** Chain id of every development chain; keys made without a ceremony work on such chains alone. */
export const DEV_CHAIN_ID = 31337n

const HOST = '127.0.0.1'
const START_LIMIT_MS = 15_000
const STOP_LIMIT_MS = 5_000
const KEPT_OUTPUT = 4_000
/** States behind the latest that can be asked for, as many as public endpoints commonly have. anvil writes each to disk, a megabyte or so, an hour of them by default, and leaves them there. */
const KEPT_STATES = 128

/** How to start a development chain. */
export interface DevChainOptions {
  readonly port: number
  /**
   * File that keeps the chain over restarts; written every second and at the end. Nothing is kept without it. One that a killed chain left torn is
   * replaced by the last that was kept whole (chain-state.ts); the folder must be the caller's alone.
   */
  readonly stateFile?: string
  /**
   * Seconds between blocks, besides the block that each transaction gets at once; default 1, without which there were no later blocks for seeds and
   * finality. 0: blocks come with transactions alone (tests).
   */
  readonly blockTimeS?: number
}

/** A running development chain. */
export interface DevChain {
  readonly url: string
  readonly pid: number
  /** Resolves when the process has ended, whoever ended it, and its old states are deleted. */
  readonly ended: Promise<void>
  /** Ends the process and waits for it; the state file is complete then. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts anvil (Prague rules) on the loopback interface and waits until it answers.
 *
 * It ends with this process: on an orderly exit by a handler, on a kill by a watchdog that waits for a pipe to close (POSIX).
 * @throws ChainError `CHAIN_PORT_BUSY`, `CHAIN_PLATFORM_UNSUPPORTED`, `CHAIN_STATE_UNREADABLE`, `CHAIN_DID_NOT_START`.
 */
export async function startDevChain({ port, stateFile, blockTimeS = 1 }: DevChainOptions): Promise<DevChain> {
  if (stateFile !== undefined) {
    await awaitPredecessor(stateFile)
    await mendState(stateFile)
  }
  if (await answers(port)) throw new ChainError('CHAIN_PORT_BUSY', `port ${port} is in use`, { details: { port } })
  const blocks = blockTimeS > 0 ? ['--mixed-mining', '--block-time', String(blockTimeS)] : []
  const state = stateFile === undefined ? [] : ['--state', stateFile, '--state-interval', '1']
  const cache = await emptyCache(stateFile)
  const history = ['--max-persisted-states', String(KEPT_STATES), '--cache-path', cache]
  const fixed = ['--silent', '--host', HOST, '--hardfork', 'prague', '--chain-id', String(DEV_CHAIN_ID), ...history]
  const child = spawn(anvilBinary(), [...fixed, '--port', String(port), ...blocks, ...state], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A terminal's Ctrl-C goes to the whole group: the chain must outlive the pipeline that shuts down in order.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
    })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  }).then(() => rm(cache, { recursive: true, force: true }))
  const { pid } = child
  if (pid === undefined) {
    await ended
    throw new ChainError('CHAIN_DID_NOT_START', 'the development chain could not be started')
  }
  const release = tieToThisProcess(child, pid)
  if (stateFile !== undefined) await claimState(stateFile, pid)
  void ended.then(release)
  const stop = () => stopChild(child, ended)
  const url = `http://${HOST}:${port}`
  if (await isUp(url, child)) return { url, pid, ended, stop }
  await stop()
  const unreadable = stateFile !== undefined && /state/i.test(output)
  throw new ChainError(
    unreadable ? 'CHAIN_STATE_UNREADABLE' : 'CHAIN_DID_NOT_START',
    unreadable ? `the development chain cannot read ${stateFile}` : 'the development chain did not start',
    { details: { output: output.trim() } },
  )
}

/** A folder for the states of one run; beside the state file, where a killed run's states are found by the next. */
async function emptyCache(stateFile: string | undefined): Promise<string> {
  if (stateFile === undefined) return mkdtemp(join(tmpdir(), 'fairlead-states-'))
  const cache = `${stateFile}.states`
  await rm(cache, { recursive: true, force: true })
  return cache
}

/** Whether somebody listens on a loopback port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port })
    const end = (busy: boolean) => {
      socket.destroy()
      resolve(busy)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

async function isUp(url: string, child: ChildProcess): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const headers = { 'content-type': 'application/json' }
  const giveUp = Date.now() + START_LIMIT_MS
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUp) {
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
    if (answer?.ok) return child.exitCode === null
    await delay(25)
  }
  return false
}

/** Makes the child end with us. @returns undoes it. */
function tieToThisProcess(child: ChildProcess, pid: number): () => void {
  const kill = () => void child.kill('SIGTERM')
  process.once('exit', kill)
  if (process.platform === 'win32') return () => process.off('exit', kill)
  // `read` returns when our end of the pipe closes, which it does even if we are killed.
  const watchdog = spawn('/bin/sh', ['-c', `read _; kill ${pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.once('error', () => {}) // No shell: the exit handler alone has to do.
  watchdog.stdin?.once('error', () => {})
  watchdog.unref()
  return () => {
    process.off('exit', kill)
    watchdog.kill('SIGKILL')
  }
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return ended
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(timer)
}
