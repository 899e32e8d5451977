import { createContext } from 'preact'
import type { Failure, FromWorker, JobName, Jobs, Told, ToWorker } from '../wire/protocol.ts'
import type { Settings } from '../wire/settings.ts'

/** What the worker could not do. */
export class JobError extends Error {
  readonly code: string

  constructor({ code, message }: Failure) {
    super(message)
    this.code = code
  }
}

interface Waiting {
  note(value: unknown): void
  answer(value: unknown): void
  fail(error: JobError): void
}

interface AskOptions<Name extends JobName> {
  readonly onNote?: (note: Jobs[Name]['note']) => void
  /** Ends the job; the promise then never settles. */
  readonly signal?: AbortSignal
}

/** The page's side of the worker. */
export class WorkerClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  /** What waits for the worker; `undefined` once it is there. */
  #early: ToWorker[] | undefined = []
  #last = 0

  constructor(worker: Worker) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if ('ready' in data) this.#begin()
      else this.#hear(data)
    })
    worker.addEventListener('error', ({ message }) => {
      for (const { fail } of this.#waiting.values()) fail(new JobError({ code: 'INTERNAL', message }))
      this.#waiting.clear()
    })
  }

  /** @throws JobError. */
  ask<Name extends JobName>(
    job: Name,
    ask: Jobs[Name]['ask'],
    { onNote, signal }: AskOptions<Name> = {},
  ): Promise<Jobs[Name]['answer']> {
    const id = ++this.#last
    signal?.addEventListener('abort', () => {
      this.#waiting.delete(id)
      this.#post({ cancel: id })
    })
    return new Promise<Jobs[Name]['answer']>((resolve, reject) => {
      // The worker's side is typed by the same table.
      const note = (value: unknown): void => onNote?.(value as Jobs[Name]['note'])
      const answer = (value: unknown): void => resolve(value as Jobs[Name]['answer'])
      this.#waiting.set(id, { note, answer, fail: reject })
      this.#post({ job, id, ask })
    })
  }

  close(): void {
    this.#worker.terminate()
    this.#waiting.clear()
  }

  #post(message: ToWorker): void {
    if (this.#early) this.#early.push(message)
    else this.#worker.postMessage(message)
  }

  #begin(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const message of early) this.#post(message)
  }

  #hear(message: Told): void {
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    if ('note' in message) {
      waiting.note(message.note)
      return
    }
    this.#waiting.delete(message.id)
    if ('failure' in message) waiting.fail(new JobError(message.failure))
    else waiting.answer(message.answer)
  }
}

/** Starts a worker for the settings. The page names its file, whose name has a hash. */
export function openWorker(settings: Settings): WorkerClient {
  const file = document.querySelector<HTMLScriptElement>('script[data-worker]')?.dataset.worker ?? ''
  const name = JSON.stringify({ settings, origin: location.origin })
  return new WorkerClient(new Worker(new URL(file, document.baseURI), { type: 'module', name }))
}

export const WorkerContext = createContext<WorkerClient | undefined>(undefined)
