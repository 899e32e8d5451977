import { type AuditOptions, LedgerAudit } from '../../audit/audit.ts'
import { type Carry, copyOf, newCarry } from '../../audit/carry.ts'
import { AuditError, type Check } from '../../audit/check.ts'
import { carryAfter } from '../../audit/range.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import type { ChainBatch, ChainEpoch } from '../../chain/records.ts'
import { seedBlockHashes } from './read.ts'

/** What to audit of a ledger. */
export interface ChainRunOptions extends AuditOptions {
  /** Indices of the first and the last batch; the whole chain by default. */
  readonly range?: readonly [bigint, bigint] | undefined
  /** Number of the last block to look at; the latest by default. */
  readonly toBlock?: number | undefined
  /** Block from which to look for batches, when earlier ones were seen. */
  readonly batchesFrom?: number | undefined
  /** Told where the audit stands each time that all proofs so far are verified. */
  readonly onSettled?: ((carry: Carry, last: ChainBatch, epochs: readonly ChainEpoch[]) => Promise<void>) | undefined
}

/** Batches between two times that everything is verified and told. */
const SETTLE_EVERY = 256

/**
 * Audits a ledger, or a part of it, from what an endpoint tells now.
 * @throws AuditError KEY_UNKNOWN, BATCH_NOT_ACCEPTED for a range that is not there; ChainError.
 */
export async function* auditChain(reader: LedgerReader, options: ChainRunOptions = {}): AsyncGenerator<Check> {
  const { range, onSettled, batchesFrom } = options
  const toBlock = options.toBlock ?? (await reader.blockNumber())
  const [epochs, head, registry, forced] = await Promise.all([
    reader.epochs(),
    reader.head(toBlock),
    reader.registry(toBlock),
    reader.forced(toBlock),
  ])
  const { config } = reader
  const records = { config, epochs, registry, blockHashes: await seedBlockHashes(reader, epochs) }
  let from = options.from ?? newCarry(config)
  if (range && range[0] > 0n) {
    const before = await reader.batch(range[0] - 1n)
    if (!before) throw notAccepted(range[0] - 1n)
    const carry = yield* carryAfter(config, epochs, before)
    if (!carry) return
    from = carry
  }
  const audit = new LedgerAudit(config, epochs, { forced, ...options, from })
  yield* audit.opening(records)
  let last: ChainBatch | undefined
  let waiting = 0
  const wanted = { fromBlock: batchesFrom, toBlock, first: from.head.nextIndex, last: range?.[1] }
  for await (const batch of reader.batches(wanted)) {
    yield* audit.batch(batch)
    last = batch
    if (++waiting < SETTLE_EVERY || !onSettled) continue
    waiting = 0
    yield* audit.settle()
    await onSettled(copyOf(audit.carry), last, epochs)
  }
  if (range && (last?.index ?? range[0] - 1n) < range[1]) throw notAccepted(range[1])
  yield* audit.closing(range ? undefined : head)
  if (last) await onSettled?.(copyOf(audit.carry), last, epochs)
}

const notAccepted = (index: bigint): AuditError =>
  new AuditError('BATCH_NOT_ACCEPTED', `the ledger has not accepted batch ${index}`, { details: { index } })
