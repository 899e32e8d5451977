import { batchDigest } from '../order/batch-signature.ts'
import { domainSeparator, type SigningDomain, signerOf } from '../order/domain.ts'
import { bind, publicSignals } from '../statement/binding.ts'
import { counterWords, type Head, headHash, orderRoot, recordHash, termsHash } from '../statement/record.ts'
import { type Statement, statementDigest, statementHash } from '../statement/statement.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { AuditError, type Check, equal, holds } from './check.ts'
import type { ProofCheck } from './proof-check.ts'
import type { Rebuilt } from './rebuild.ts'
import type { BatchRecord, EpochRecord, LedgerConfig, VerifierRecord } from './records.ts'

/** The batch continues what came before: index, head and time. */
export function* checkContinuity(config: LedgerConfig, before: Head, batch: BatchRecord): Generator<Check> {
  const place = { batch: batch.index }
  yield equal('batch-index', place, before.nextIndex, batch.index)
  const { previous, time } = batch.submission
  for (const field of ['epoch', 'nextIndex', 'state', 'time', 'orderCounter'] as const) {
    yield equal('previous-head', { ...place, at: field }, before[field], previous[field])
  }
  yield equal('previous-head', { ...place, at: 'counters' }, `${counterWords(before.counters)}`, `${previous.counters}`)
  // Before the first batch the last time is 0, so that any time is late enough.
  const earliest = before.time + config.minInterval
  const latest = (batch.blockTime + 1n) * 1_000_000n
  yield holds('batch-time', place, time >= earliest && time <= latest, `${earliest} … ${latest}`, time)
}

/** The event says of the calldata what the calldata says. */
export function* checkEvent({ index, submission, ...event }: BatchRecord): Generator<Check> {
  yield equal('batch-event', { batch: index, at: 'beneficiary' }, submission.beneficiary, event.beneficiary)
  yield equal('batch-event', { batch: index, at: 'count' }, submission.commitments.length, event.count)
}

const FEE_BITS = 15

/** Fees and assignments lie where the policy allows. The proof says so too; a broken circuit would not. */
export function* checkTerms(statement: Statement): Generator<Check> {
  const place = { batch: statement.batchIndex }
  const feeMin = BigInt.asUintN(FEE_BITS, statement.feeWord)
  const feeMax = BigInt.asUintN(FEE_BITS, statement.feeWord >> BigInt(FEE_BITS))
  for (const [shard, fee] of statement.fees.entries()) {
    yield holds(
      'fee-range',
      { ...place, at: `shard ${shard}` },
      fee >= feeMin && fee <= feeMax,
      `${feeMin} … ${feeMax}`,
      fee,
    )
  }
  const shards = statement.open.length
  for (const [slot, byte] of statement.assignments.entries()) {
    yield holds('assignment-range', { ...place, at: `slot ${slot}` }, byte <= shards, `0 … ${shards}`, byte)
  }
}

/** No commitment twice in a batch, none accepted again. @param accepted of all earlier batches; this batch's are added. */
export function* checkCommitments(statement: Statement, accepted: Set<bigint>): Generator<Check> {
  const { batchIndex: batch, commitments, assignments } = statement
  const repeated = commitments.findIndex((c, slot) => commitments.indexOf(c) !== slot)
  yield holds('commitment-unique', { batch }, repeated < 0, 'each commitment once', `again in slot ${repeated}`)
  const again = commitments.findIndex((c, slot) => assignments[slot] !== 0 && accepted.has(c))
  yield holds('accepted-once', { batch }, again < 0, 'not accepted before', `accepted again in slot ${again}`)
  commitments.forEach((c, slot) => {
    if (assignments[slot] !== 0) accepted.add(c)
  })
}

/** The epoch's signer stands for this V. @param signature 64 or 65 bytes in hex. */
export function checkSignature(
  domain: SigningDomain,
  epoch: Pick<EpochRecord, 'epoch' | 'signer'>,
  index: bigint,
  signature: string,
  words: readonly bigint[],
): Check {
  const signer = isUint64(epoch.epoch)
    ? signerOf(batchDigest(domainSeparator(domain), epoch.epoch, index, statementHash(words)), signature)
    : undefined
  return equal('batch-signature', { batch: index }, epoch.signer, signer ?? 'no valid signature')
}

const isUint64 = (value: bigint): boolean => value === BigInt.asUintN(64, value)

/**
 * The proof holds for the rebuilt V, in this ledger, for this beneficiary and verifier.
 * @throws AuditError KEY_UNKNOWN.
 */
export async function* checkProof(
  domain: SigningDomain,
  verifier: VerifierRecord,
  { index, submission }: { index: bigint; submission: Pick<SubmissionWords, 'beneficiary' | 'digest' | 'proof'> },
  words: readonly bigint[],
  verifyProof: ProofCheck,
): AsyncGenerator<Check> {
  const place = { batch: index }
  const { verifierId, keyWords } = verifier
  if (!keyWords)
    throw new AuditError('KEY_UNKNOWN', `no verifying key is known for ${verifierId}`, { details: { verifierId } })
  yield equal('statement-digest', place, statementDigest(words), submission.digest)
  const binding = bind({ ...domain, beneficiary: submission.beneficiary, verifierId }, words)
  const valid = await verifyProof(keyWords, publicSignals(binding), submission.proof)
  yield holds('proof', place, valid, 'a valid proof', 'a proof that does not verify')
}

/** What the ledger keeps of the batch is what the batch says. */
export function* checkRecord(batch: BatchRecord, { words, statement, head }: Rebuilt): Generator<Check> {
  const place = { batch: batch.index }
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head: headHash(head),
    terms: termsHash(statement, batch.submission.beneficiary),
  }
  yield equal('statement-hash', place, parts.statementHash, batch.statementHash)
  yield equal('order-root', place, parts.orderRoot, batch.orderRoot)
  yield equal('batch-head', place, parts.head, batch.head)
  yield equal('batch-record', place, recordHash(parts), batch.record)
}
