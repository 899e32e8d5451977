/** Ledgers of dishonest operators, by what each does. */
import { SigningKey } from 'ethers'
import { publishedHash } from '../../src/audit/policy-words.ts'
import type { BatchRecord, RegistryEvent } from '../../src/audit/records.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { recordHash, termsOf } from '../../src/statement/record.ts'
import { buildLedger, type Hooks, KEY_WORDS, type LedgerFixture, receiptFixture } from '../audit/ledger-fixture.ts'
import { orderFixture } from '../helpers/fixtures.ts'

export const receiptOf = receiptFixture

/** One thing that an operator does; nothing for an honest one. */
export interface Meddle {
  readonly repeat?: 'accepted' | 'same batch'
  readonly assignment?: 'other' | 'none'
  readonly stateAfter?: bigint
  readonly stateBefore?: bigint
  readonly time?: 'back' | 'ahead'
  readonly leaveOut?: number
  readonly fee?: bigint
  readonly counter?: 'back' | 'silent'
  readonly signer?: 'another'
  readonly epoch?: 'other'
  readonly seed?: bigint
  readonly blockHash?: 'other'
  readonly key?: 'gamma = delta'
  readonly verifier?: number
  readonly policy?: 'no delay' | 'cancelled' | 'leap' | 'hasty' | 'not in force'
  readonly beneficiary?: 'another'
  readonly proof?: 'replayed'
  readonly seal?: 'another'
  readonly reputation?: 'other words' | 'spared' | 'leap'
}

/** The batch that most of them meddle with: the second epoch's first, full. */
const AT = 3n

/** What the next ledger may be a copy of: one is built for each thing that goes into hashes, and the rest bend copies of the honest one. */
const HASHED = [
  'repeat',
  'assignment',
  'stateAfter',
  'time',
  'fee',
  'counter',
  'signer',
  'seal',
  'reputation',
] as const satisfies (keyof Meddle)[]
let honest: LedgerFixture | undefined

export function makeLedger(meddle: Meddle): LedgerFixture {
  const isHashed = HASHED.some((key) => meddle[key] !== undefined)
  if (!isHashed) honest ??= buildLedger()
  const ledger = !isHashed && honest ? structuredClone(honest) : buildLedger(hooksOf(meddle))
  records(ledger, meddle)
  registry(ledger, meddle)
  return ledger
}

const FULL = [256n, 256n, 256n, 256n]
const REDUCTIONS = {
  'other words': { words: [256n, 200n, 251n, 256n] },
  spared: { told: FULL, words: FULL },
  leap: { concluded: [256n, 128n, 251n, 256n] },
} as const satisfies Record<string, Hooks['reduced']>

/** What goes into hashes and signatures. */
function hooksOf({ repeat, assignment, stateAfter, time, fee, counter, signer, seal, reputation }: Meddle): Hooks {
  return {
    ...(reputation && { reduced: REDUCTIONS[reputation] }),
    ...(seal ? { sealed: true } : {}),
    orders: (index, orders) => {
      if (index !== AT || !repeat) return orders
      // Order 0 was accepted in batch 0.
      return repeat === 'accepted'
        ? [orderFixture(0), ...orders.slice(1)]
        : [...orders.slice(0, -1), orders[0] ?? orderFixture(0)]
    },
    time: (index, usual) => {
      if (time === 'back' && index === AT) return usual - 500_000n
      return time === 'ahead' && index >= AT ? usual + 60_000_000n : usual
    },
    published: (index, statement) => {
      // In the last batch: the next one would have to continue it.
      if (index === AT + 1n && stateAfter !== undefined) return { ...statement, stateAfter }
      if (index !== AT) return statement
      const changed = assignment && [assignment === 'none' ? 9 : ((statement.assignments[0] ?? 0) % 4) + 1]
      return {
        ...statement,
        ...(changed ? { assignments: [...changed, ...statement.assignments.slice(1)] } : {}),
        ...(fee === undefined ? {} : { fees: [fee, ...statement.fees.slice(1)] }),
      }
    },
    counters: (index, counters) => {
      if (counter === 'silent' && index === AT) return [5n, ...counters.slice(1)]
      return counter === 'back' && index === AT + 1n
        ? counters.map((value, j) => (j === 1 ? value - 1500n : value))
        : counters
    },
    ...(signer ? { signer: new SigningKey(hex32(99n)) } : {}),
  }
}

/** What does not. */
function records({ batches, epochs, blockHashes }: LedgerFixture, meddle: Meddle): void {
  const submission = batches[Number(AT)]?.submission ?? {}
  if (meddle.stateBefore !== undefined) Object.assign(Object(submission).previous, { state: meddle.stateBefore })
  if (meddle.verifier !== undefined) Object.assign(submission, { verifier: meddle.verifier })
  if (meddle.seal) Object.assign(batches[Number(AT)]?.seal ?? {}, { sealHash: hex32(9n) })
  if (meddle.proof) Object.assign(submission, { proof: batches[0]?.submission.proof })
  if (meddle.beneficiary) {
    const beneficiary = `0x${'66'.repeat(20)}`
    Object.assign(submission, { beneficiary })
    // Recorded so, too: the proof alone is for somebody else.
    Object.assign(batches[Number(AT)] ?? {}, { beneficiary, record: recordFor(batches[Number(AT)], beneficiary) })
  }
  if (meddle.epoch) Object.assign(batches[Number(AT)] ?? {}, { epoch: 1n })
  if (meddle.seed !== undefined) Object.assign(epochs[0] ?? {}, { seed: meddle.seed })
  if (meddle.blockHash) blockHashes.set(11n, hex32(5n))
  if (meddle.key) {
    // delta in gamma's place: words 6 … 9 and 10 … 13.
    const keyWords = [...KEY_WORDS.slice(0, 10), ...KEY_WORDS.slice(6, 10), ...KEY_WORDS.slice(14)]
    Object.assign(epochs[0]?.verifiers[0] ?? {}, { keyWords })
  }
  if (meddle.leaveOut !== undefined) batches.splice(meddle.leaveOut, 1)
}

function recordFor(batch: BatchRecord | undefined, beneficiary: string): string {
  if (!batch) throw new Error('the ledger has that batch')
  const { submission, count, orderRoot, statementHash, head } = batch
  return recordHash({ orderRoot, statementHash, head, terms: termsOf({ ...submission, count, beneficiary }) })
}

function registry({ registry: told }: LedgerFixture, { policy }: Meddle): void {
  if (!policy) return
  const events = [...told.events]
  const find = (kind: RegistryEvent['kind'], from = 0): number =>
    events.findIndex((event, i) => i >= from && event.kind === kind)
  const second = find('activated', find('activated') + 1)
  const retuned = find('retuned')
  if (policy === 'no delay') Object.assign(events[second] ?? {}, { time: 5200n })
  if (policy === 'cancelled') events.splice(second, 0, { kind: 'cancelled', id: 2n, time: 8000n })
  if (policy === 'not in force') events.splice(second, 1)
  if (policy === 'leap' || policy === 'hasty') {
    const before = events[retuned - 1]
    if (before?.kind !== 'published') throw new Error('a retune comes after its policy')
    const words = before.policy.words.map((word, j) => (j === 3 ? word + (policy === 'leap' ? 1n : -1n) : word))
    const tuned = { ...before.policy, words }
    const policyHash = publishedHash(tuned)
    const leap: RegistryEvent[] = [
      { kind: 'published', time: 5050n, policyHash, policy: tuned },
      { kind: 'retuned', time: 5050n, id: 1n, policyHash },
    ]
    if (policy === 'leap') events.splice(retuned - 1, 2, ...leap)
    else events.splice(retuned + 1, 0, ...leap)
  }
  Object.assign(told, { events })
}
