import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A final answer of `fairlead-prover serve`; prover/README.md has the fields. */
export type Answer = { readonly id: number; readonly ok: boolean; readonly code?: string } & Record<string, unknown>

/** Speaks the frames of `fairlead-prover serve` as prover/README.md describes them, and nothing more. */
export class Sidecar {
  readonly process: ChildProcessWithoutNullStreams
  /** Progress events that came, by request. */
  readonly progress = new Map<number, number[]>()
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #received = Buffer.alloc(0)
  #lastId = 0

  constructor(binary: string) {
    this.process = spawn(binary, ['serve'])
    this.process.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#read()
    })
  }

  /** Sends a request and waits for its final answer. */
  request(head: Record<string, unknown>, body: Uint8Array = new Uint8Array()): Promise<Answer> {
    const id = ++this.#lastId
    const json = Buffer.from(JSON.stringify({ id, ...head }))
    const lengths = Buffer.alloc(8)
    lengths.writeUInt32LE(json.length, 0)
    lengths.writeUInt32LE(body.length, 4)
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.process.stdin.write(Buffer.concat([lengths, json, body]))
    })
  }

  /** Ends its input. @returns The exit code. */
  async close(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode
    const exit = once(this.process, 'exit')
    this.process.stdin.end()
    return (await exit)[0]
  }

  #read(): void {
    while (this.#received.length >= 8) {
      const size = this.#received.readUInt32LE(0)
      const total = 8 + size + this.#received.readUInt32LE(4)
      if (this.#received.length < total) return
      // Sent by prover/internal/server/protocol.go.
      const head = JSON.parse(this.#received.toString('utf8', 8, 8 + size)) as Answer & {
        event?: string
        done?: number
      }
      this.#received = this.#received.subarray(total)
      if (head.event === 'progress') this.progress.set(head.id, [...(this.progress.get(head.id) ?? []), head.done ?? 0])
      else this.#waiting.get(head.id)?.(head)
    }
  }
}
