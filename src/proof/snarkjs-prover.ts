import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { CircuitInputs } from '../witness/witness.ts'
import { artifactsDir } from './build.ts'
import { ProverError } from './error.ts'
import { type Artifacts, loadArtifacts } from './manifest.ts'
import type { ProvenStatement, Prover } from './prover.ts'
import type { ProveRequest, ProveResponse } from './snarkjs-child.ts'

interface Job {
  readonly circuit: string
  readonly inputs: CircuitInputs
  readonly resolve: (statement: ProvenStatement) => void
  readonly reject: (error: unknown) => void
}

/**
 * Proves with snarkjs in a child process that keeps keys and WASM in memory. One job at a time, in the order of the calls; a child that
 * is killed, or dies, costs its own job alone. The child starts with the first job, ends with the parent, and does not keep an
 * idle parent alive.
 */
export class SnarkjsProver implements Prover {
  readonly name = 'snarkjs'
  readonly #artifacts: (circuit: string) => Promise<Artifacts>
  readonly #loaded = new Map<string, Promise<Artifacts>>()
  readonly #queue: Job[] = []
  #running: Job | undefined
  /** Whether the running job has reached the child. */
  #sent = false
  #child: ChildProcess | undefined
  #closed = false

  /** @param artifacts finds a circuit's verified artifacts, asked once for each; those under `build/` by default. */
  constructor(artifacts: (circuit: string) => Promise<Artifacts> = (circuit) => loadArtifacts(artifactsDir(circuit))) {
    this.#artifacts = artifacts
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
    const { paths, verifyingKey } = await this.#load(job.circuit)
    if (this.#running !== job) return
    this.#child ??= this.#spawn()
    setReferenced(this.#child, true)
    const request: ProveRequest = { zkey: paths.zkey, wasm: paths.wasm, verifyingKey, inputs: job.inputs }
    this.#sent = true
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
    const entry = new URL('./snarkjs-child.js', import.meta.url)
    const child = fork(entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    child.on('message', (response) => {
      // Sent by src/proof/snarkjs-child.ts.
      if (child === this.#child) this.#receive(response as ProveResponse)
    })
    const gone = (cause?: Error) => {
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
    child.kill('SIGKILL')
    await once(child, 'exit')
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

const cancelled = () => new ProverError('PROOF_CANCELLED', 'the proof was cancelled')
