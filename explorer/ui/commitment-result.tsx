import { useContext, useEffect, useState } from 'preact/hooks'
import { JobError, WorkerContext } from '../data/worker.ts'
import type { OrderFound } from '../wire/orders.ts'
import { FoundOrder } from './found-order.tsx'
import { Empty, Problem } from './states.tsx'

interface Search {
  readonly looked: number
  readonly all: number
  readonly found: readonly OrderFound[] | undefined
  readonly error: JobError | undefined
}
const BEGUN: Search = { looked: 0, all: 0, found: undefined, error: undefined }

/** Looks for a commitment in every accepted batch, and shows how far it is. */
export function CommitmentResult({ commitment }: { readonly commitment: bigint }) {
  const worker = useContext(WorkerContext)
  const [search, setSearch] = useState(BEGUN)
  const [round, setRound] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    setSearch(BEGUN)
    worker
      ?.ask('find', commitment, {
        signal: stop.signal,
        onNote: (note) => setSearch((last) => ({ ...last, ...note })),
      })
      .then(
        (found) => setSearch((last) => ({ ...last, found })),
        (error: unknown) => {
          if (!(error instanceof JobError)) throw error
          setSearch((last) => ({ ...last, error }))
        },
      )
    return () => stop.abort()
  }, [worker, commitment, round])
  const { looked, all, found, error } = search
  if (error) return <Problem error={error} onAgain={() => setRound(round + 1)} />
  if (!found)
    return (
      <p role="status">
        Looking through the chain: {looked} of {all} batches
      </p>
    )
  if (found.length === 0)
    return (
      <Empty title="Not on chain">
        No accepted batch of {all} has this commitment. A batch that is still being proven cannot be seen here.
      </Empty>
    )
  return (
    <>
      <h2>Found</h2>
      {found.map((order) => (
        <FoundOrder key={`${order.batch}`} order={order} />
      ))}
    </>
  )
}
