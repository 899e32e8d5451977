import { createContext } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { WorkerClient } from './worker.ts'

/** How the sources are, and a count that grows when something may be new: pages ask again for it alone. */
export interface Live {
  readonly connection: 'connecting' | 'service' | 'chain' | 'offline'
  readonly changes: number
}

export const LiveContext = createContext<Live>({ connection: 'connecting', changes: 0 })

/** Events come in bursts: one look for all of a burst. */
const BURST_MS = 150

/** Follows the sources as long as the component is there. */
export function useConnection(worker: WorkerClient): Live {
  const [connection, setConnection] = useState<Live['connection']>('connecting')
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    let known: Live['connection'] = 'connecting'
    let burst: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      burst = undefined
      setChanges((count) => count + 1)
    }
    void worker.ask('live', undefined, {
      signal: stop.signal,
      onNote: (note) => {
        if (note.kind === 'connection') {
          if (note.state === known) return
          known = note.state
          setConnection(note.state)
        }
        // Another connection is a reason to look again, too; once for both.
        burst ??= setTimeout(look, BURST_MS)
      },
    })
    return () => {
      clearTimeout(burst)
      stop.abort()
    }
  }, [worker])
  return { connection, changes }
}
