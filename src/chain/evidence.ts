import { Signature } from 'ethers'
import { packWord } from '../base/pack.ts'
import type { OrderDetails } from '../order/details.ts'
import { type Order, SEGMENTS, SIDES } from '../order/order.ts'
import type { Receipt } from '../order/receipt.ts'
import { counterWords, HEAD_SCALARS, type Head, type RecordParts } from '../statement/record.ts'

/** A signature as the challenge contracts take it: r, and s with the recovery bit on top (EIP-2098). */
export interface SignatureWords {
  readonly r: string
  readonly vs: string
}

/** @param signature 65 bytes, or 64 (EIP-2098), as receipts and reports carry it. */
export function signatureWords(signature: string): SignatureWords {
  const { r, yParityAndS } = Signature.from(signature)
  return { r, vs: yParityAndS }
}

/** A head as the contracts take it (types/Batch.sol): words as they are sent, packed. */
export interface HeadWords {
  readonly scalars: bigint
  readonly state: bigint
  readonly counters: readonly bigint[]
}

/** A signed receipt as two arguments of the challenge contracts. */
export const signedWords = ({
  signature,
  ...receipt
}: Receipt & { readonly signature: string }): [Receipt, SignatureWords] => [receipt, signatureWords(signature)]

/** A batch as the challenge contracts open it (types/Evidence.sol): record and the head behind it. */
export interface OpenedBatchWords {
  readonly record: RecordParts
  readonly head: HeadWords
}

/** @param head after the batch; its counters go by shard. */
export const openedBatch = (record: RecordParts, head: Head): OpenedBatchWords => ({ record, head: headWords(head) })

/** @throws OutOfRangeError OUT_OF_RANGE for a value wider than its place. */
export const headWords = (head: Head): HeadWords => packedHead({ ...head, counters: counterWords(head.counters) })

/** The words of a head whose counters are words already. */
export const packedHead = (head: Head): HeadWords => ({
  scalars: packWord(HEAD_SCALARS, head),
  state: head.state,
  counters: head.counters,
})

/** An order as the contracts open it. */
export const openingWords = ({ size, side, segment, details }: Order) => ({
  size,
  side: SIDES.indexOf(side),
  segment: SEGMENTS.indexOf(segment),
  details,
})

/** Details as the contracts open them; the fields' order is that of the struct. */
export const detailsWords = ({ account, market, price, expiry, nonce, timeInForce, maxFee, salt }: OrderDetails) => ({
  account,
  market,
  price,
  expiry,
  nonce,
  timeInForce,
  maxFee,
  salt,
})
