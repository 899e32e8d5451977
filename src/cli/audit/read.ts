import type { Check } from '../../audit/check.ts'
import type { Hex32 } from '../../base/keccak.ts'
import { ChainError } from '../../chain/error.ts'
import { LedgerReader, type LedgerSource } from '../../chain/reader.ts'

/** Runs with a connection to a ledger, and closes it. @throws ChainError CHAIN_UNREACHABLE, CHAIN_MISMATCH. */
export async function withReader<T>(source: LedgerSource, use: (reader: LedgerReader) => Promise<T>): Promise<T> {
  const reader = await LedgerReader.connect(source)
  try {
    return await use(reader)
  } finally {
    reader.close()
  }
}

/** A view that refuses was asked for something that another view had named. */
const CONTRADICTIONS: readonly string[] = ['CHAIN_RECORD_INVALID', 'TRANSACTION_REVERTED']

/**
 * Turns records that no ledger could have written into a failed check: an endpoint that tells such things is caught, not unreachable.
 */
export async function* catchInvalidRecords(make: () => AsyncIterable<Check>): AsyncGenerator<Check> {
  try {
    yield* make()
  } catch (error) {
    if (!(error instanceof ChainError) || !CONTRADICTIONS.includes(error.code)) throw error
    yield { name: 'chain-records', ok: false, expected: 'records as the contracts write them', found: error.message }
  }
}

/** Hashes of the blocks that seeds come from, as far as the endpoint still has them. */
export async function seedBlockHashes(
  reader: LedgerReader,
  epochs: readonly { readonly seedBlock: bigint }[],
): Promise<Map<bigint, Hex32>> {
  const blockHashes = new Map<bigint, Hex32>()
  for (const { seedBlock } of epochs) {
    const block = await reader.block(Number(seedBlock))
    if (block) blockHashes.set(seedBlock, block.hash)
  }
  return blockHashes
}
