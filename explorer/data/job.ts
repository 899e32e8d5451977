import { useContext, useEffect, useState } from 'preact/hooks'
import type { JobName, Jobs } from '../wire/protocol.ts'
import { JobError, WorkerContext } from './worker.ts'

/** A job's answer, as far as it is there. While it is asked for again the last answer stays. */
export interface Loaded<T> {
  readonly data: T | undefined
  readonly error: JobError | undefined
  readonly loading: boolean
  /** Asks again. */
  again(): void
}

/**
 * The answer of a job, asked for again when one of `inputs` changes.
 * @param inputs what the question depends on; bigints and texts.
 */
export function useJob<Name extends JobName>(
  job: Name,
  ask: Jobs[Name]['ask'],
  inputs: readonly unknown[] = [],
): Loaded<Jobs[Name]['answer']> {
  const worker = useContext(WorkerContext)
  const [state, setState] = useState<Omit<Loaded<Jobs[Name]['answer']>, 'again'>>({
    data: undefined,
    error: undefined,
    loading: true,
  })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    setState((last) => ({ ...last, loading: true }))
    worker?.ask(job, ask, { signal: stop.signal }).then(
      (data) => setState({ data, error: undefined, loading: false }),
      (error: unknown) => {
        if (error instanceof JobError) setState((last) => ({ ...last, error, loading: false }))
        else throw error
      },
    )
    return () => stop.abort()
  }, [worker, tries, ...inputs])
  return { ...state, again: () => setTries((count) => count + 1) }
}
