import { AbiCoder, concat, dataSlice, FunctionFragment, getAddress, isHexString, toBeHex } from 'ethers'
import { z } from 'zod'
import { packItems, unpackWord } from '../base/pack.ts'
import { Bytes32 } from '../base/schema.ts'
import { counterWords, HEAD_SCALARS, type Head } from '../statement/record.ts'
import { feeWords, openMask, type Statement } from '../statement/statement.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { ROUTING_LEDGER_ABI } from './abi.ts'
import { ChainError } from './error.ts'
import { packedHead, signatureWords } from './evidence.ts'
import { LEDGER } from './interfaces.ts'

// By selector. All are whole words: nothing that the ledger would refuse is dropped.
const INPUTS = new Map(
  ROUTING_LEDGER_ABI.filter((line) => line.startsWith('function submitBatch')).map(
    (line) => [FunctionFragment.from(line).selector, FunctionFragment.from(line).inputs] as const,
  ),
)
const Words = z.array(z.bigint())
// By position, as contracts/types/Batch.sol declares the fields.
const HeadFields = z
  .tuple([z.bigint(), z.bigint(), Words])
  .transform(([scalars, state, counters]): Head => ({ ...unpackWord(HEAD_SCALARS, scalars), state, counters }))
const SubmissionFields = z
  .tuple([Bytes32, Bytes32, z.bigint(), Words, Words, z.bigint(), z.bigint()])
  .transform(([r, vs, lot, words, proof, digest, stateAfter]) => {
    const signature = concat([r, vs])
    return { ...scalarsOf(lot), count: Number((lot >> 64n) & 0xffffffn), stateAfter, digest, proof, signature, words }
  })

/** What the lot holds besides the count. */
const scalarsOf = (lot: bigint) => ({
  time: BigInt.asUintN(64, lot),
  verifier: Number((lot >> 88n) & 0xffn),
  beneficiary: getAddress(toBeHex(lot >> 96n, 20)),
})

/** The lists of a submission apart. @param lanes words of counters, as the head has them: ⌈S/4⌉, so that ⌈lanes/4⌉ words are fees. */
function listsOf(words: readonly bigint[], count: number, lanes: number) {
  const fees = Math.ceil(lanes / 4)
  const [openMask] = words.slice(fees, fees + 1)
  const from = fees + 1 + lanes
  if (openMask === undefined || words.length !== from + count + Math.ceil(count / 31))
    throw new ChainError('CHAIN_RECORD_INVALID', 'a batch has as many words as its count asks for')
  return {
    fees: words.slice(0, fees),
    openMask,
    counters: words.slice(fees + 1, from),
    commitments: words.slice(from, from + count),
    assignments: words.slice(from + count),
  }
}

/** What a submission is made of besides the statement. */
export interface SubmissionParts {
  readonly previous: Head
  /** Service counters after the batch, ticks, by shard. */
  readonly counters: readonly bigint[]
  readonly verifier: number
  readonly beneficiary: string
  readonly digest: bigint
  readonly proof: readonly bigint[]
  readonly signature: string
}

/** Packs a proven batch for the ledger. @throws OutOfRangeError OUT_OF_RANGE for a value wider than its place. */
export function packSubmission(statement: Statement, parts: SubmissionParts): SubmissionWords {
  return {
    ...parts,
    previous: { ...parts.previous, counters: counterWords(parts.previous.counters) },
    time: statement.time,
    stateAfter: statement.stateAfter,
    openMask: openMask(statement.open),
    fees: feeWords(statement.fees),
    counters: counterWords(parts.counters),
    commitments: statement.commitments,
    assignments: packItems(statement.assignments.map(BigInt), 8, 31),
  }
}

/** Calldata of `submitBatch`. */
export function encodeSubmission(submission: SubmissionWords): string {
  return LEDGER.encodeFunctionData('submitBatch', [packedHead(submission.previous), fieldsOf(submission)])
}

/**
 * Calldata for batches that continue each other: of `submitBatches`, or of `submitBatch` for one. Only the first one's `previous` is sent: the ledger knows
 * the others.
 * @throws ChainError `CHAIN_RECORD_INVALID` for no batches.
 */
export function encodeSubmissions(submissions: readonly SubmissionWords[]): string {
  const [first, ...more] = submissions
  if (!first) throw new ChainError('CHAIN_RECORD_INVALID', 'no batches to submit')
  if (more.length === 0) return encodeSubmission(first)
  return LEDGER.encodeFunctionData('submitBatches', [packedHead(first.previous), submissions.map(fieldsOf)])
}

/**
 * Reads `submitBatch` calldata back.
 * @throws ChainError `CHAIN_RECORD_INVALID` for anything else. Encodings that the ledger accepts are accepted here, unusual offsets included.
 */
export function decodeSubmission(calldata: string): SubmissionWords {
  const [only, ...more] = decodeSubmissions(calldata)
  if (!only || more.length > 0) throw new ChainError('CHAIN_RECORD_INVALID', 'calldata is not one batch')
  return only
}

/**
 * Reads the calldata of `submitBatch` or `submitBatches` back, with the heads that the later batches continue.
 * @param epoch of the batches, which calldata does not tell; by default that of the head which they continue.
 * @throws ChainError `CHAIN_RECORD_INVALID` for anything else, and for a call of no batches.
 */
export function decodeSubmissions(calldata: string, epoch?: bigint): SubmissionWords[] {
  if (!isHexString(calldata)) throw new ChainError('CHAIN_RECORD_INVALID', 'calldata is not hex')
  try {
    const inputs = INPUTS.get(dataSlice(calldata, 0, 4))
    if (!inputs) throw new ChainError('CHAIN_RECORD_INVALID', 'another function')
    const [head, fields] = AbiCoder.defaultAbiCoder().decode(inputs, dataSlice(calldata, 4)).toArray(true)
    const many = inputs[1]?.baseType === 'array'
    const list = z
      .array(SubmissionFields)
      .min(1)
      .parse(many ? fields : [fields])
    const first = HeadFields.parse(head)
    return follow(first, list, epoch ?? first.epoch)
  } catch (cause) {
    throw new ChainError('CHAIN_RECORD_INVALID', 'calldata is not a batch', { cause })
  }
}

/** Gives each batch the head that the ledger had before it; `counters` are words here. */
function follow(first: Head, list: readonly z.infer<typeof SubmissionFields>[], epoch: bigint): SubmissionWords[] {
  let previous = first
  return list.map(({ count, words, ...scalars }) => {
    const submission = { previous, ...scalars, ...listsOf(words, count, first.counters.length) }
    previous = {
      epoch,
      nextIndex: previous.nextIndex + 1n,
      state: submission.stateAfter,
      time: submission.time,
      orderCounter: previous.orderCounter + BigInt(count),
      counters: submission.counters,
    }
    return submission
  })
}

/** A batch as contracts/types/Batch.sol declares it. */
function fieldsOf(submission: SubmissionWords) {
  const { signature, verifier, beneficiary, time, stateAfter, digest, proof } = submission
  const { fees, openMask, counters, commitments, assignments } = submission
  const words = [...fees, openMask, ...counters, ...commitments, ...assignments]
  const lot = time + (BigInt(commitments.length) << 64n) + (BigInt(verifier) << 88n) + (BigInt(beneficiary) << 96n)
  return { lot, stateAfter, digest, proof, ...signatureWords(signature), words }
}
