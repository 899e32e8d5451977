import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Check } from '../../src/audit/check.ts'
import type { VerifiedBatch } from '../wire/views.ts'
import { JobError, WorkerContext } from './worker.ts'

/** How far the verification of a batch is. */
export interface Verification {
  readonly checks: readonly Check[]
  readonly batch: VerifiedBatch | undefined
  readonly error: JobError | undefined
  readonly done: boolean
}

const NOTHING: Verification = { checks: [], batch: undefined, error: undefined, done: false }

/** Verifies a batch. @param round another one verifies anew. */
export function useVerification(index: bigint, round: number): Verification {
  const worker = useContext(WorkerContext)
  const [state, setState] = useState(NOTHING)
  const checks = useRef<Check[]>([])
  useEffect(() => {
    const stop = new AbortController()
    checks.current = []
    setState(NOTHING)
    // Hundreds of checks come in a moment; they are shown once a frame.
    let frame = 0
    const show = (): void => {
      frame = 0
      setState((last) => ({ ...last, checks: [...checks.current] }))
    }
    const end = (rest: Pick<Verification, 'batch' | 'error'>): void => {
      cancelAnimationFrame(frame)
      setState({ ...rest, checks: [...checks.current], done: true })
    }
    worker
      ?.ask('verify', index, {
        signal: stop.signal,
        onNote: (check) => {
          checks.current.push(check)
          frame ||= requestAnimationFrame(show)
        },
      })
      .then(
        (batch) => end({ batch, error: undefined }),
        (error: unknown) => {
          if (!(error instanceof JobError)) throw error
          end({ batch: undefined, error })
        },
      )
    return () => {
      cancelAnimationFrame(frame)
      stop.abort()
    }
  }, [worker, index, round])
  return state
}
