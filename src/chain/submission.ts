import { AbiCoder, concat, dataSlice, Interface, isHexString, Signature } from 'ethers'
import { z } from 'zod'
import { packItems } from '../base/pack.ts'
import { Address, Bytes32 } from '../base/schema.ts'
import { counterWords, type Head } from '../statement/record.ts'
import { feeWords, openMask, type Statement } from '../statement/statement.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { ROUTING_LEDGER_ABI } from './abi.ts'
import { ChainError } from './error.ts'

const ledger = new Interface(ROUTING_LEDGER_ABI)
// Read as whole words: ethers would drop the high bits of narrower ones, which the ledger refuses.
const WIDE = ROUTING_LEDGER_ABI.filter((line) => line.startsWith('function submitBatch')).map((line) =>
  line.replaceAll('uint64', 'uint256'),
)
const wideInputs = new Interface(WIDE).getFunction('submitBatch')?.inputs ?? []
const SELECTOR = ledger.getFunction('submitBatch')?.selector
const Uint64 = z.bigint().refine((value) => value >> 64n === 0n, 'expected an integer below 2^64')
const Words = z.array(z.bigint())
// By position, as contracts/types/Batch.sol declares the fields.
const HeadFields = z.tuple([Uint64, Uint64, z.bigint(), Uint64, Uint64, Words]).transform(
  ([epoch, nextIndex, state, time, orderCounter, counters]): Head => ({
    epoch,
    nextIndex,
    state,
    time,
    orderCounter,
    counters,
  }),
)
const SubmissionFields = z
  .tuple([
    HeadFields,
    z.bigint(),
    Address,
    Uint64,
    z.bigint(),
    z.bigint(),
    z.bigint(),
    Words,
    Bytes32,
    Bytes32,
    Words,
    Words,
    Words,
    Words,
  ])
  .transform(([previous, verifier, beneficiary, time, stateAfter, openMask, digest, proof, r, vs, ...lists]) => {
    const [fees, counters, commitments, assignments] = lists
    const signature = concat([r, vs])
    const scalars = { verifier: Number(verifier), beneficiary, time, stateAfter, openMask, digest, signature }
    return { previous, ...scalars, proof, fees, counters, commitments, assignments }
  })

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
export function encodeSubmission({ signature, ...words }: SubmissionWords): string {
  const { r, yParityAndS } = Signature.from(signature)
  return ledger.encodeFunctionData('submitBatch', [{ ...words, r, vs: yParityAndS }])
}

/**
 * Reads `submitBatch` calldata back.
 * @throws ChainError `CHAIN_RECORD_INVALID` for anything else. Encodings that the ledger accepts are accepted here, unusual offsets included.
 */
export function decodeSubmission(calldata: string): SubmissionWords {
  if (!isHexString(calldata)) throw new ChainError('CHAIN_RECORD_INVALID', 'calldata is not hex')
  try {
    if (dataSlice(calldata, 0, 4) !== SELECTOR) throw new ChainError('CHAIN_RECORD_INVALID', 'another function')
    const [fields] = AbiCoder.defaultAbiCoder().decode(wideInputs, dataSlice(calldata, 4)).toArray(true)
    return SubmissionFields.parse(fields)
  } catch (cause) {
    throw new ChainError('CHAIN_RECORD_INVALID', 'calldata is not a batch', { cause })
  }
}
