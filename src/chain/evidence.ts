import { Signature } from 'ethers'
import type { OrderDetails } from '../order/details.ts'
import { type Order, SEGMENTS, SIDES } from '../order/order.ts'
import { counterWords, type Head, type RecordParts } from '../statement/record.ts'

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

/** A batch as the challenge contracts open it (types/Evidence.sol): record and the head behind it, with counters as the chain packs them. */
export interface OpenedBatchWords {
  readonly record: RecordParts
  readonly head: Omit<Head, 'counters'> & { readonly counters: readonly bigint[] }
}

/** @param head after the batch; its counters go by shard. */
export const openedBatch = (record: RecordParts, head: Head): OpenedBatchWords => ({ record, head: headWords(head) })

/** A head with its counters as words, 64 bits each, 4 a word. */
export const headWords = (head: Head): OpenedBatchWords['head'] => ({ ...head, counters: counterWords(head.counters) })

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
