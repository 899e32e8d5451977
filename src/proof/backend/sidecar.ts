import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { ProverError } from '../error.ts'
import { encodeFrame, type Frame, FrameReader } from './frames.ts'

/** What the sidecar answers, besides the fields of the request's own kind. */
const Answer = z.union([
  z.looseObject({ id: z.int(), ok: z.literal(true) }),
  z.looseObject({ id: z.int(), ok: z.literal(false), code: z.string(), message: z.string() }),
  z.looseObject({ id: z.int(), event: z.string() }),
])
type Success = Readonly<Record<string, unknown>>

interface Waiting {
  readonly resolve: (answer: Success) => void
  readonly reject: (error: ProverError) => void
}

/** A request that the sidecar refused; `details.code` is its code. */
export const sidecarCode = (error: unknown): string | undefined =>
  error instanceof ProverError && typeof error.details.code === 'string' ? error.details.code : undefined

/**
 * A running `fairlead-prover serve`: requests over its standard input, several at once. It ends when its input ends, so it never outlives this
 * process. Once it has crashed, every request fails; start another.
 */
export class Sidecar {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, Waiting>()
  #next = 1
  #crash: ProverError | undefined

  /** @param binary path of `fairlead-prover`. */
  constructor(binary: string) {
    this.#child = spawn(binary, ['serve'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const reader = new FrameReader()
    this.#child.stdout.on('data', (piece: Buffer) => {
      try {
        for (const frame of reader.push(piece)) this.#receive(frame)
      } catch (error) {
        this.#end(error)
      }
    })
    this.#child.stdin.on('error', (error) => this.#end(error))
    this.#child.once('error', (error) => this.#end(error))
    this.#child.once('close', (code, signal) => this.#end(new Error(`ended with ${signal ?? `exit code ${code}`}`)))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Whether requests can still succeed. */
  get alive(): boolean {
    return this.#crash === undefined
  }

  /**
   * Sends one request and waits for its answer.
   * @throws ProverError PROVER_CRASHED when the process is gone, PROOF_FAILED with `details.code` when it refuses.
   */
  request(head: { readonly op: string } & Success, body?: Uint8Array): Promise<Success> {
    const crash = this.#crash
    if (crash) return Promise.reject(crash)
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      for (const part of encodeFrame({ ...head, id }, body)) if (part.length > 0) this.#child.stdin.write(part)
    })
  }

  /** Ends the process at once; what waits fails. */
  kill(): void {
    this.#end(new Error('killed'))
  }

  #receive({ head }: Frame): void {
    const { data: answer } = Answer.safeParse(head)
    if (!answer) throw new ProverError('PROVER_CRASHED', 'the native prover sent no answer of its protocol')
    if ('event' in answer) return // progress, of which nothing here makes use
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (answer.ok) waiting?.resolve(answer)
    else {
      const { code } = answer
      const message = `the native prover refused: ${code}`
      waiting?.reject(new ProverError('PROOF_FAILED', message, { details: { code } }))
    }
  }

  #end(cause: unknown): void {
    if (this.#crash) return
    this.#crash = new ProverError('PROVER_CRASHED', 'the native prover ended', { cause })
    this.#child.kill('SIGKILL')
    for (const { reject } of this.#waiting.values()) reject(this.#crash)
    this.#waiting.clear()
  }
}
