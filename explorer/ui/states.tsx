import type { ComponentChildren } from 'preact'
import type { Loaded } from '../data/job.ts'
import type { JobError } from '../data/worker.ts'

/** Nothing is there, and why that may be right. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <section class="state">
    <h2>{title}</h2>
    <p>{children}</p>
  </section>
)

/** An address that leads nowhere. */
export const NotFound = ({ title, children }: { readonly title: string; readonly children: string }) => (
  <>
    <h1>Not found</h1>
    <Empty title={title}>{children}</Empty>
  </>
)

export const Loading = ({ what }: { readonly what: string }) => (
  <p class="state loading" role="status">
    Reading {what}…
  </p>
)

/** What can be done about a failure, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  SERVICE_UNREACHABLE:
    'The service does not answer. If you know an RPC endpoint and the ledger’s address, name both under Sources: the chain alone is enough for all but open batches.',
  UNAUTHENTICATED: 'This service shows nothing without an API key. Name an RPC endpoint and the ledger under Sources.',
  ROUTE_NOT_FOUND:
    'There is no Fairlead service at this address. Name one under Sources, or an RPC endpoint and the ledger.',
  ANSWER_INVALID: 'What answers at this address is no Fairlead service. Name one under Sources.',
  CHAIN_UNREACHABLE: 'The chain’s RPC endpoint does not answer. Another one can be named under Sources.',
  CHAIN_MISMATCH: 'There is no ledger at this address on this chain. Look at Sources.',
  NOT_ACCEPTED: 'The ledger has not accepted it yet. The page looks again when something changes.',
  RATE_LIMITED: 'Too many questions at once. It will go on in a moment.',
}

export const Problem = ({ error, onAgain }: { readonly error: JobError; readonly onAgain?: () => void }) => (
  <section class="state problem" role="alert">
    <h2>
      <code>{error.code}</code>
    </h2>
    <p>{ADVICE[error.code] ?? error.message}</p>
    {onAgain && (
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    )}
  </section>
)

/** An answer in each of its states; an old answer stays beside a new failure, marked as old. */
export function Answer<T>({
  loaded,
  what,
  children,
}: {
  readonly loaded: Loaded<T>
  readonly what: string
  readonly children: (data: T) => ComponentChildren
}) {
  const { data, error, again } = loaded
  if (data === undefined && error) return <Problem error={error} onAgain={again} />
  if (data === undefined) return <Loading what={what} />
  return (
    <>
      {error && (
        <p class="stale" role="status">
          Not up to date: <code>{error.code}</code>. What stands below was read earlier.
        </p>
      )}
      {children(data)}
    </>
  )
}
