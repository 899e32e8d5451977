/** What the page and its worker say to each other. The page draws; the worker asks, reads and verifies. */
import type { Check } from '../../src/audit/check.ts'
import type { AuditReport } from '../../src/audit/report.ts'
import type { ServiceStatus } from '../../src/client/wire.ts'
import type { ChallengesView } from './challenges.ts'
import type { OrderFound, ReceiptVerdict } from './orders.ts'
import type { BatchDigest, BatchRow, EpochView, PolicyPage, Sight, VerifiedBatch } from './views.ts'

/** One kind of job: what is asked, what is told on the way, what comes back. */
interface Job<Ask, Note, Answer> {
  readonly ask: Ask
  readonly note: Note
  readonly answer: Answer
}

export interface Jobs {
  /** Never ends by itself: how the sources are, and when something changed. */
  live: Job<undefined, LiveNote, void>
  sight: Job<undefined, never, Sight>
  status: Job<undefined, never, ServiceStatus | undefined>
  batches: Job<
    { readonly before?: bigint | undefined },
    never,
    { readonly rows: readonly BatchRow[]; readonly more: boolean }
  >
  /** The latest accepted batches, oldest first. */
  history: Job<{ readonly count: number }, never, readonly BatchDigest[]>
  verify: Job<bigint, Check, VerifiedBatch>
  audit: Job<undefined, { readonly batch: bigint; readonly failed: number }, AuditReport>
  policy: Job<undefined, never, PolicyPage>
  epochs: Job<undefined, never, readonly EpochView[]>
  challenges: Job<undefined, never, ChallengesView>
  find: Job<bigint, { readonly looked: number; readonly all: number }, readonly OrderFound[]>
  /** A receipt's file, as text. */
  receipt: Job<string, never, ReceiptVerdict>
}
export type JobName = keyof Jobs

export type LiveNote =
  /** Another connection: what was read may be old. */
  | { readonly kind: 'connection'; readonly state: 'service' | 'chain' | 'offline' }
  /** Something is new: look again. */
  | { readonly kind: 'change' }

/** A failure as it passes between threads. */
export interface Failure {
  /** A code of the reference of codes, or `INTERNAL`. */
  readonly code: string
  readonly message: string
}

export type ToWorker =
  | { readonly job: JobName; readonly id: number; readonly ask: unknown }
  | { readonly cancel: number }

/** The worker takes jobs once its WebAssembly is made, and says so: what is sent earlier is lost. */
export type FromWorker = { readonly ready: true } | Told

/** What is told of a job. */
export type Told = { readonly id: number } & (
  | { readonly note: unknown }
  | { readonly answer: unknown }
  | { readonly failure: Failure }
)
