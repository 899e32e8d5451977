/**
 * An anchor: what a chain said of a ledger at one block, enough to check bundles without the chain. Integers above 2^53 are decimal strings in the file and
 * `bigint` inside.
 */
import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import { isMultiplied } from '../policy/multiplied.ts'
import { POLICY_KINDS } from '../policy/policy.ts'
import { epochAt } from './epoch-at.ts'
import { KEY_WORDS } from './key-words.ts'
import { Account, Hash, Shards, Slots } from './scalars.ts'

/** The only version that is read; the first one told neither how epochs end and begin, nor seals. */
export const ANCHOR_FORMAT = 'fairlead-anchor/2'

const Word = Uint(256)

const AnchorVerifier = z.strictObject({
  kind: z.enum(POLICY_KINDS),
  shards: Shards,
  slots: Slots,
  verifierId: Hash,
  /** The key that `verifierId` is the hash of (protocol, section 9). */
  keyWords: z.array(Word).length(KEY_WORDS),
})

/** An epoch, with what an audit of its batches needs and what shows that it was announced and seeded by the rules; as of the anchor's block. */
const AnchorEpoch = z
  .strictObject({
    epoch: Uint(64),
    firstBatch: Uint(64),
    keyCommit: Word,
    signer: Account,
    seed: Word,
    /** Absent where the epoch was abandoned before it was open. */
    seedBlockHash: Hash.exactOptional(),
    policyHash: Hash,
    /** As published: what the hash is of. */
    policy: z.strictObject({
      feeWord: Word,
      words: z.array(Word),
      settlements: z.array(Account),
      reportSigners: z.array(Account),
    }),
    /** What the policy's weights are multiplied by, of 256, by shard; absent where all are 256. */
    multipliers: z.array(Uint(9)).refine(isMultiplied, 'expected a multiplier below 256').exactOptional(),
    verifiers: z.array(AnchorVerifier).min(1),
    /** Whether it was given up by then. */
    abandoned: z.boolean(),
    /** First index past it, if it was. */
    end: Uint(64).exactOptional(),
    /** Whether its first batch starts from the public reset state. */
    fromReset: z.boolean(),
    /** Whether each of its batches has a seed of its own, from its seal. */
    sealedMode: z.boolean(),
  })
  .refine(({ abandoned, end }) => abandoned === (end !== undefined), {
    error: 'expected an end of an abandoned epoch, and of no other',
    path: ['end'],
  })
  .refine(({ abandoned, seedBlockHash }) => abandoned || seedBlockHash !== undefined, {
    error: 'expected the hash that the seed is made of',
    path: ['seedBlockHash'],
  })
export type AnchorEpoch = z.infer<typeof AnchorEpoch>

const Record = Hash.refine((hash) => !/^0x0+$/.test(hash), 'expected the record of an accepted batch')

/** Everything but the digest. */
export const AnchorBody = z
  .strictObject({
    format: z.literal(ANCHOR_FORMAT),
    chainId: Word,
    ledger: Account,
    /** The block at which the chain said so; `time` in seconds since the Unix epoch. */
    block: z.strictObject({ number: Uint(64), hash: Hash, time: Uint(64) }),
    shards: Shards,
    genesisState: Word,
    /** Batches that the ledger had accepted. */
    accepted: Uint(64),
    /** Those that the batches below belong to, in order, without a gap. */
    epochs: z.array(AnchorEpoch).min(1),
    /** Index of the first record. */
    firstBatch: Uint(64),
    /** `record[index]`, one a batch. */
    records: z.array(Record).min(1),
    /** Of each batch of an epoch in sealed mode, in order: hash of the block that its seal fixed. */
    seals: z.array(z.strictObject({ index: Uint(64), blockHash: Hash })),
  })
  .refine(({ firstBatch, records, accepted }) => firstBatch + BigInt(records.length) <= accepted, {
    error: 'expected records of accepted batches',
    path: ['records'],
  })
  .refine(({ epochs, firstBatch }) => (epochs[0]?.firstBatch ?? 0n) <= firstBatch, {
    error: 'expected the epoch of the first record',
    path: ['epochs'],
  })
  .refine((body) => `${body.seals.map(({ index }) => index)}` === `${sealedIndices(body)}`, {
    error: 'expected a seal of each batch of an epoch in sealed mode, and of no other',
    path: ['seals'],
  })
export type AnchorBody = z.infer<typeof AnchorBody>

/** Indices of the records that belong to epochs in sealed mode. */
function sealedIndices({
  epochs,
  firstBatch,
  records,
}: {
  epochs: readonly AnchorEpoch[]
  firstBatch: bigint
  records: readonly string[]
}): bigint[] {
  return records.map((_, i) => firstBatch + BigInt(i)).filter((index) => epochAt(epochs, index)?.sealedMode === true)
}

/** An anchor that was read or made; its digest is the body's. */
export interface Anchor extends AnchorBody {
  /** Keccak-256 of the body as compact JSON text: what two people compare to know that they hold the same anchor. */
  readonly digest: string
}
