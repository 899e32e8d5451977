import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CircuitInputs } from '../../witness/witness.ts'
import { artifactsDir } from '../build.ts'
import { ProverError } from '../error.ts'
import { type Artifacts, loadArtifacts } from '../manifest.ts'
import type { ProvenStatement, Prover } from '../prover.ts'
import type { ChildTask, ProveRequest, ProveResponse } from './child.ts'
import type { BackendSpec } from './spec.ts'

/** How long a proof may take unless another limit is given, ms: many times what the largest circuit takes in snarkjs. */
export const DEFAULT_TIMEOUT_MS = 300_000

/** Where a prover finds what it loads, and when it gives up. */
export interface ChildProverOptions {
  /** Finds a circuit's verified artifacts, asked once for each; those under `build/` by default. */
  readonly artifacts?: ((circuit: string) => Promise<Artifacts>) | undefined
  /** After which a job that runs is given up and its process killed, ms, loading of key and WASM included. */
  readonly timeoutMs?: number | undefined
}

interface Job {
  readonly circuit: string
  readonly inputs: CircuitInputs
  readonly resolve: (statement: ProvenStatement) => void
  readonly reject: (error: unknown) => void
}

/**
 * Proves in a child process that keeps WASM and keys in memory, whatever the backend. One job at a time, in the order of the calls; a child that
 * is killed, dies or hangs costs its own job alone. The child starts with the first job, ends with the parent, and does not keep an
 * idle parent alive. With the child goes every process that it started: they are one process group.
 */
export class ChildProver implements Prover {
  readonly name: BackendSpec['name']
  readonly #spec: BackendSpec
  readonly #artifacts: (circuit: string) => Promise<Artifacts>
  readonly #timeoutMs: number
  readonly #loaded = new Map<string, Promise<Artifacts>>()
  readonly #queue: Job[] = []
  #running: Job | undefined
  /** Whether the running job has reached the child. */
  #sent = false
  #timer: NodeJS.Timeout | undefined
  #child: ChildProcess | undefined
  #closed = false

  constructor(spec: BackendSpec, options: ChildProverOptions = {}) {
    const { artifacts = (circuit) => loadArtifacts(artifactsDir(circuit)), timeoutMs = DEFAULT_TIMEOUT_MS } = options
    this.name = spec.name
    this.#spec = spec
    this.#artifacts = artifacts
    this.#timeoutMs = timeoutMs
  }

  /** Process id of the child, for supervision; `undefined` before the first job and between children. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  prove(circuit: string, inputs: CircuitInputs, options: { signal?: AbortSignal } = {}): Promise<ProvenStatement> {
    const { signal } = options
    if (this.#closed) return Promise.reject(new ProverError('PROVER_CLOSED', 'the prover was closed'))
    if (signal?.aborted) return Promise.reject(cancelled())
    return new Promise((resolve, reject) => {
      const settle = () => signal?.removeEventListener('abort', cancel)
      const job: Job = {
        circuit,
        inputs,
        resolve: (statement) => {
          settle()
          resolve(statement)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
      const cancel = () => this.#cancel(job)
      signal?.addEventListener('abort', cancel, { once: true })
      this.#queue.push(job)
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const error = () => new ProverError('PROVER_CLOSED', 'the prover was closed')
    for (const job of this.#queue.splice(0)) job.reject(error())
    const child = this.#child
    this.#end({ error: error() })
    if (child) await this.#kill(child)
  }

  #next(): void {
    if (this.#running || this.#closed) return
    const job = this.#queue.shift()
    if (!job) return
    this.#running = job
    this.#start(job).catch((error) => this.#end({ error }, job))
  }

  async #start(job: Job): Promise<void> {
    const { circuit, inputs } = job
    const { paths, verifyingKey, manifest } = await this.#load(circuit)
    if (this.#running !== job) return
    this.#child ??= this.#spawn()
    setReferenced(this.#child, true)
    const { zkey, wasm } = paths
    const request: ProveRequest = { circuit, zkey, wasm, sha256: manifest.files.zkey, verifyingKey, inputs }
    this.#sent = true
    this.#timer = setTimeout(() => this.#expire(job), this.#timeoutMs)
    this.#child.send(request)
  }

  #load(circuit: string): Promise<Artifacts> {
    const known = this.#loaded.get(circuit)
    if (known) return known
    const loading = this.#artifacts(circuit)
    loading.catch(() => this.#loaded.delete(circuit))
    this.#loaded.set(circuit, loading)
    return loading
  }

  #spawn(): ChildProcess {
    const workDir = mkdtempSync(join(tmpdir(), 'fairlead-prover-'))
    const task: ChildTask = { spec: this.#spec, workDir }
    const child = fork(new URL('./child.js', import.meta.url), [JSON.stringify(task)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      detached: true,
    })
    child.on('message', (response) => {
      // Sent by src/proof/backend/child.ts.
      if (child === this.#child) this.#receive(response as ProveResponse)
    })
    const gone = (cause?: Error) => {
      rmSync(workDir, { recursive: true, force: true })
      killGroup(child)
      if (child !== this.#child) return
      this.#child = undefined
      if (this.#sent)
        this.#end({ error: new ProverError('PROVER_CRASHED', 'the proving process ended before its proof', { cause }) })
    }
    child.once('error', gone)
    child.once('exit', () => gone())
    return child
  }

  #receive(response: ProveResponse): void {
    if (response.ok) this.#end({ statement: response.statement })
    else this.#end({ error: new ProverError(response.code, response.message, { details: { ...response.details } }) })
  }

  #expire(job: Job): void {
    if (this.#running !== job) return
    if (this.#child) void this.#kill(this.#child)
    this.#end({ error: new ProverError('PROVER_TIMEOUT', `no proof within ${this.#timeoutMs} ms`) }, job)
  }

  #cancel(job: Job): void {
    const at = this.#queue.indexOf(job)
    if (at >= 0) {
      this.#queue.splice(at, 1)
      job.reject(cancelled())
    } else if (this.#running === job) {
      if (this.#sent && this.#child) void this.#kill(this.#child)
      this.#end({ error: cancelled() })
    }
  }

  /** Settles the running job (which `job` must be, if given) and starts the next. */
  #end(outcome: { statement: ProvenStatement } | { error: unknown }, job = this.#running): void {
    if (!job || job !== this.#running) return
    this.#running = undefined
    this.#sent = false
    clearTimeout(this.#timer)
    if (this.#child) setReferenced(this.#child, false)
    if ('statement' in outcome) job.resolve(outcome.statement)
    else job.reject(outcome.error)
    this.#next()
  }

  /** Kills the child, forgetting it at once, so that the next job gets another. */
  async #kill(child: ChildProcess): Promise<void> {
    if (child === this.#child) this.#child = undefined
    if (child.exitCode !== null || child.signalCode !== null) return
    setReferenced(child, true)
    const ended = once(child, 'exit')
    killGroup(child)
    await ended
  }
}

/** An idle child keeps its parent alive no longer than the parent wants; one at work does. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  if (referenced) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

/** Kills the child and what it started, which may outlive it. */
function killGroup(child: ChildProcess): void {
  child.kill('SIGKILL')
  if (child.pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

const cancelled = () => new ProverError('PROOF_CANCELLED', 'the proof was cancelled')
