import type { Hex32 } from '../base/keccak.ts'
import type { AcceptedBatch } from '../order/receipt.ts'
import type { Statement } from '../statement/statement.ts'
import { type Carry, carryOn, copyOf, newCarry } from './carry.ts'
import type { Check } from './check.ts'
import { epochAt } from './epoch-at.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'
import type { BatchRecord, EpochRecord, ForcedRecords, LedgerConfig, LedgerRecords, SignedReceipt } from './records.ts'
import { continuity } from './steps/continuity.ts'
import { duplicates } from './steps/duplicates.ts'
import { epochs as epochStep } from './steps/epochs.ts'
import { forced as forcedStep } from './steps/forced.ts'
import { keys } from './steps/keys.ts'
import { policy } from './steps/policy.ts'
import { type ClaimOfBatch, proofs } from './steps/proofs.ts'
import { receipts as receiptStep } from './steps/receipts.ts'
import { records as recordStep } from './steps/records.ts'
import { roots } from './steps/roots.ts'
import { served } from './steps/served.ts'
import { signer } from './steps/signer.ts'
import { statement } from './steps/statement.ts'

/** Steps that look at an announced epoch, in their order. */
export const EPOCH_STEPS = [epochStep, policy, keys] as const
/** Steps that look at a batch as it arrived. */
const ARRIVED_STEPS = [continuity, recordStep, epochStep, keys] as const
/** Steps that look at a batch whose V is there, after `served` and `statement`; `proofs` comes last, many batches at a time. */
const REBUILT_STEPS = [policy, duplicates, roots, signer] as const

/** What an audit looks at besides the records, and where it begins; without any it is of a whole ledger. */
export interface AuditOptions {
  /** Verifies the proofs; the auditor's own, one by one, by default. */
  readonly verifyProofs?: ProofCheck | undefined
  /** Proofs that are verified together; 256 by default. */
  readonly proofsAtATime?: number | undefined
  /** Where an earlier audit of the same ledger ended; the ledger's beginning by default. */
  readonly from?: Carry | undefined
  /** Receipts to hold against the chain. */
  readonly receipts?: readonly SignedReceipt[] | undefined
  /** Forced orders to hold against the batches. */
  readonly forced?: ForcedRecords | undefined
  /** The chain's time for receipts that are not accepted yet, seconds since the Unix epoch; the last batch's block by default. */
  readonly timeS?: bigint | undefined
  /** Told of each batch whose V could be rebuilt, right or wrong. */
  readonly onStatement?: ((statement: Statement, batch: BatchRecord) => void) | undefined
}

/** One audit, batch by batch: what carries from each to the next, and the proofs that wait to be verified together. */
export class LedgerAudit {
  readonly #config: LedgerConfig
  readonly #epochs: readonly EpochRecord[]
  readonly #options: AuditOptions
  readonly #claims: ClaimOfBatch[] = []
  /** Batches that receipts and discharges name. */
  readonly #named: ReadonlySet<bigint>
  readonly #promised = new Map<bigint, AcceptedBatch>()
  #timeS: bigint
  #carry: Carry

  constructor(config: LedgerConfig, epochs: readonly EpochRecord[], options: AuditOptions = {}) {
    this.#config = config
    this.#epochs = epochs
    this.#options = options
    // A copy: who carries on from the same place twice must not find its own orders there.
    this.#carry = options.from ? copyOf(options.from) : newCarry(config)
    this.#timeS = options.timeS ?? 0n
    const { receipts = [], forced } = options
    const discharged = forced?.events.flatMap((event) => (event.kind === 'discharged' ? [event.index] : [])) ?? []
    this.#named = new Set([...receipts.map(({ batch }) => batch), ...discharged])
  }

  /** Where the audit stands; proofs may still wait. */
  get carry(): Carry {
    return this.#carry
  }

  /** What batches rest on: genesis, epochs, policies, keys. */
  *opening({ registry, blockHashes }: Pick<LedgerRecords, 'registry' | 'blockHashes'>): Generator<Check> {
    const config = this.#config
    yield* continuity.ledger({ config })
    for (const [i, epoch] of this.#epochs.entries()) {
      const chainHash = blockHashes?.get(epoch.seedBlock)
      const context = { config, epoch, before: this.#epochs[i - 1] ?? ('first' as const), chainHash }
      for (const step of EPOCH_STEPS) yield* step.epoch(context)
    }
    for (const step of [epochStep, policy]) yield* step.ledger({ config, epochs: this.#epochs, registry })
  }

  /** One batch; the check of its proof may come with a later one's. @throws AuditError KEY_UNKNOWN. */
  async *batch(batch: BatchRecord): AsyncGenerator<Check> {
    const { head: before, accepted } = this.#carry
    const epoch = epochAt(this.#epochs, before.nextIndex)
    const verifier = epoch?.verifiers[batch.submission.verifier]
    const arrived = { config: this.#config, before, batch, epoch, verifier }
    for (const step of ARRIVED_STEPS) yield* step.batch(arrived)
    if (!epoch || !verifier) return
    const known = { ...arrived, epoch, verifier }
    yield* served.batch(known)
    const rebuilt = yield* statement.batch(known)
    if (!rebuilt) return
    const context = {
      ...known,
      ...rebuilt,
      accepted,
      index: rebuilt.statement.batchIndex,
      signature: batch.submission.signature,
    }
    for (const step of REBUILT_STEPS) yield* step.batch(context)
    this.#claims.push(yield* proofs.batch(context))
    this.#carry = carryOn(this.#carry, rebuilt, batch)
    this.#remember(rebuilt.statement, batch)
    if (this.#claims.length >= (this.#options.proofsAtATime ?? 256)) yield* this.settle()
  }

  /** Verifies the proofs that wait. */
  async *settle(): AsyncGenerator<Check> {
    yield* await proofs.verify(this.#claims.splice(0), this.#options.verifyProofs ?? verifyWords)
  }

  /**
   * What can be said once every batch was seen: proofs, receipts, forced orders, and that nothing was kept back.
   * @param head the ledger's; `undefined` for an audit that ends before the chain does.
   */
  async *closing(head: Hex32 | undefined): AsyncGenerator<Check> {
    yield* this.settle()
    if (head !== undefined) yield* recordStep.end({ last: this.#carry.head, head })
    const { receipts = [], forced } = this.#options
    const context = {
      config: this.#config,
      epochs: this.#epochs,
      batches: this.#promised,
      nextIndex: head === undefined ? undefined : this.#carry.head.nextIndex,
      timeS: this.#timeS,
    }
    yield* receiptStep.end({ ...context, receipts })
    if (forced) yield* forcedStep.end({ forced, batches: this.#promised })
  }

  #remember(made: Statement, batch: BatchRecord): void {
    const { timeS, onStatement } = this.#options
    const { batchIndex: index, time, commitments, assignments } = made
    if (this.#named.has(index)) this.#promised.set(index, { epoch: batch.epoch, index, time, commitments, assignments })
    if (timeS === undefined) this.#timeS = batch.blockTime
    onStatement?.(made, batch)
  }
}

/**
 * Re-checks a whole ledger from its records alone, in the order in which things happened.
 * @returns every check as it is made; a failed one does not end the audit. The check of a proof comes after those of up to 256 later batches.
 * @throws AuditError KEY_UNKNOWN, and whatever reading the batches throws: then there is no verdict.
 */
export async function* auditLedger(records: LedgerRecords, options: AuditOptions = {}): AsyncGenerator<Check> {
  const audit = new LedgerAudit(records.config, records.epochs, { forced: records.forced, ...options })
  yield* audit.opening(records)
  for await (const batch of records.batches) yield* audit.batch(batch)
  yield* audit.closing(records.head)
}
