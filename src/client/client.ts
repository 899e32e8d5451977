/**
 * `fairlead/client`: what a trader or an integrator uses; runs in browsers and in Node.
 * @see docs/guides/client.md
 */
import { SEGMENTS, type Segment } from '../order/order.ts'
import { DEFAULT_RETRIES, type RetryPolicy } from './backoff.ts'
import { ClientError } from './error.ts'
import { FairleadClient } from './fairlead-client.ts'
import { Transport } from './transport.ts'
import { anchorOf, type Trust } from './trust.ts'
import { PolicyInForce } from './wire.ts'

/** A service, a key of it, and whom to believe. What has a default may be left out. */
export interface ClientOptions {
  /** The service's root, such as `https://router.example`; http is for this machine and for trials. */
  readonly url: string
  /** API key, `flk_…`. */
  readonly key: string
  /** The segment that the key attests. Default `retail`. */
  readonly segment?: Segment
  /** Whom to believe about the ledger and its signers. */
  readonly trust: Trust
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
  /** Tries after the first, or the whole policy. Default 5. */
  readonly retries?: number | Partial<RetryPolicy>
  /** How long one try may take, ms. Default 30 s. */
  readonly timeoutMs?: number
}

const ANSWER_LIMIT_MS = 30_000

/** Makes a client; connects to nothing yet. @throws ClientError `OPTIONS_INVALID`. */
export function createClient(options: ClientOptions): FairleadClient {
  const { segment = 'retail', trust, retries = {}, key, timeoutMs = ANSWER_LIMIT_MS } = options
  if (!SEGMENTS.includes(segment)) throw new ClientError('OPTIONS_INVALID', 'the segment is retail or institutional')
  const transport = new Transport({
    url: rootOf(options.url),
    key,
    // Bound, as browsers refuse a fetch that is called as a method of something else.
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    retries: { ...DEFAULT_RETRIES, ...(typeof retries === 'number' ? { retries } : retries) },
    timeoutMs,
  })
  return new FairleadClient(
    segment,
    transport,
    anchorOf(trust, () => transport.get('/v1/policy', PolicyInForce)),
  )
}

function rootOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new ClientError('OPTIONS_INVALID', 'the url is not one of http or https')
  return text.replace(/\/+$/, '')
}

export type { BatchState } from '../statement/batch-state.ts'
// What the package exports beside createClient.
export type { RetryPolicy } from './backoff.ts'
export type { ServiceCode } from './error.ts'
// biome-ignore lint/performance/noBarrelFile: the package's entry names what is public.
export { ClientError, ServiceProblem } from './error.ts'
export type {
  ClientEvent,
  EventOptions,
  FairleadClient,
  InclusionOptions,
  OrderEntry,
  Stoppable,
  WaitOptions,
} from './fairlead-client.ts'
export type { Milestone, Patience } from './follow.ts'
export type { CheckedInclusion } from './inclusion.ts'
export type { PlacedOrder, Placement, RefusedOrder } from './place.ts'
export {
  type NewOrder,
  type OrderTerms,
  orderFromJson,
  orderToJson,
  type PreparedOrder,
  randomDetails,
} from './prepare.ts'
export type { VerifiedReceipt } from './receipt.ts'
export type { ChainView, Trust, TrustSource } from './trust.ts'
export type { BatchBundle, BatchChange, BatchSummary, PolicyInForce, ProofJob, ServiceStatus, Shard } from './wire.ts'
