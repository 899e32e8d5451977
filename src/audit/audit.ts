import type { Head } from '../statement/record.ts'
import { headHash } from '../statement/record.ts'
import {
  checkCommitments,
  checkContinuity,
  checkEvent,
  checkProof,
  checkRecord,
  checkSignature,
  checkTerms,
} from './batch-checks.ts'
import { type Check, equal, holds } from './check.ts'
import { checkEpoch, checkGenesis, checkSeal, checkSeed } from './epoch-checks.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'
import { rebuild } from './rebuild.ts'
import type { BatchRecord, EpochRecord, LedgerConfig, LedgerRecords } from './records.ts'

/** What the auditor carries from batch to batch. */
interface Carry {
  head: Head
  /** Accepted commitments of all batches so far. */
  readonly accepted: Set<bigint>
}

/**
 * Re-checks a whole ledger from its records alone, in the order in which things happened.
 * @param verifyProof takes the place of the pairing check in tests.
 * @returns every check as it is made; a failed one does not end the audit.
 * @throws AuditError KEY_UNKNOWN, and whatever reading the batches throws: then there is no verdict.
 */
export async function* auditLedger(
  records: LedgerRecords,
  verifyProof: ProofCheck = verifyWords,
): AsyncGenerator<Check> {
  const { config, epochs } = records
  yield* checkGenesis(config)
  for (const [i, epoch] of epochs.entries()) {
    yield* checkEpoch(config, epoch, epochs[i - 1])
    yield* checkSeed(config, epoch, records.blockHashes?.get(epoch.seedBlock))
  }
  const carry: Carry = { head: firstHead(config), accepted: new Set() }
  for await (const batch of records.batches) yield* auditBatch(records, carry, batch, verifyProof)
  yield equal('ledger-head', {}, headHash(carry.head), records.head)
}

/** What a ledger carries before its first batch. */
const firstHead = ({ shards, genesisState }: LedgerConfig): Head => ({
  epoch: 0n,
  nextIndex: 0n,
  state: genesisState,
  time: 0n,
  orderCounter: 0n,
  counters: new Array<bigint>(shards).fill(0n),
})

async function* auditBatch(
  { config, epochs }: LedgerRecords,
  carry: Carry,
  batch: BatchRecord,
  verifyProof: ProofCheck,
): AsyncGenerator<Check> {
  const place = { batch: batch.index }
  yield* checkContinuity(config, carry.head, batch)
  yield* checkEvent(batch)
  const epoch = epochAt(epochs, carry.head.nextIndex)
  yield holds(
    'batch-epoch',
    place,
    epoch?.epoch === batch.epoch && epoch.seed !== 0n,
    `epoch ${epoch?.epoch}, open`,
    batch.epoch,
  )
  const verifier = epoch?.verifiers[batch.submission.verifier]
  yield holds(
    'batch-verifier',
    place,
    verifier !== undefined,
    `one of ${epoch?.verifiers.length}`,
    batch.submission.verifier,
  )
  if (!epoch || !verifier) return
  yield* checkSeal(config, epoch, batch)
  const shape = { shards: config.shards, slots: verifier.slots }
  const seed = batch.seal?.seed ?? epoch.seed
  const rebuilt = yield* rebuild(shape, { ...epoch, seed }, carry.head, batch.submission)
  if (!rebuilt) return
  carry.head = rebuilt.head
  yield* checkTerms(rebuilt.statement)
  yield* checkCommitments(rebuilt.statement, carry.accepted)
  yield* checkRecord(batch, rebuilt)
  yield checkSignature(config, epoch, rebuilt.statement.batchIndex, batch.submission.signature, rebuilt.words)
  yield* checkProof(config, verifier, batch, rebuilt.words, verifyProof)
}

/** The epoch of a batch: the last one that begins at or before its index. The time has no say. */
const epochAt = (epochs: readonly EpochRecord[], index: bigint): EpochRecord | undefined =>
  epochs.findLast(({ firstBatch }) => firstBatch <= index)
