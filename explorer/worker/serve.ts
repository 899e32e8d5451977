import { CodedError } from '../../src/base/error.ts'
import type { Failure, FromWorker, JobName, Jobs, ToWorker } from '../wire/protocol.ts'
import type { Sources } from './sources.ts'

/** How a job is done. @param note tells of it on the way. */
export type Handler<Name extends JobName> = (
  sources: Sources,
  ask: Jobs[Name]['ask'],
  note: (note: Jobs[Name]['note']) => void,
  signal: AbortSignal,
) => Promise<Jobs[Name]['answer']>

/** Takes jobs from the page and answers them, as many at a time as come. */
export function serveJobs(handlers: { readonly [Name in JobName]: Handler<Name> }, sources: Sources): void {
  const running = new Map<number, AbortController>()
  const tell = (message: FromWorker): void => postMessage(message)
  const run = async (name: JobName, id: number, ask: unknown): Promise<void> => {
    const stop = new AbortController()
    running.set(id, stop)
    try {
      // The page's side is typed by the same table.
      const handler = handlers[name] as Handler<JobName>
      const answer = await handler(sources, ask as never, (note) => tell({ id, note }), stop.signal)
      tell({ id, answer })
    } catch (error) {
      tell({ id, failure: failureOf(error) })
    } finally {
      running.delete(id)
    }
  }
  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if ('cancel' in data) running.get(data.cancel)?.abort()
    else void run(data.job, data.id, data.ask)
  })
  tell({ ready: true })
}

function failureOf(error: unknown): Failure {
  if (error instanceof CodedError) return { code: error.code, message: error.message }
  console.error(error)
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}
