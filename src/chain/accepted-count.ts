import { ChainError } from './error.ts'
import type { LedgerReader } from './reader.ts'

/** No ledger has as many: at one a second they would take 34,000 years. */
const MOST_BATCHES = 2n ** 40n

/**
 * How many batches a ledger has accepted, which is the index of the next: they have no gaps, so that the end is found by doubling and halving.
 * @param block at whose end to look; the latest by default.
 * @param from an index below which all are accepted.
 * @throws ChainError `CHAIN_RECORD_INVALID` for an endpoint that has a record for whatever it is asked for.
 */
export async function acceptedCount(
  reader: Pick<LedgerReader, 'record'>,
  { block, from = 0n }: { readonly block?: number; readonly from?: bigint } = {},
): Promise<bigint> {
  const isAccepted = async (index: bigint): Promise<boolean> => (await reader.record(index, block)) !== undefined
  let [low, step] = [from, 1n]
  while (await isAccepted(low + step - 1n)) {
    if (low > MOST_BATCHES)
      throw new ChainError('CHAIN_RECORD_INVALID', 'the endpoint has a record for whatever batch it is asked for')
    low += step
    step *= 2n
  }
  // Accepted below low, and not at low + step − 1.
  for (let high = low + step - 1n; low < high; ) {
    const middle = (low + high) / 2n
    if (await isAccepted(middle)) low = middle + 1n
    else high = middle
  }
  return low
}
