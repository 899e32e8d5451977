/**
 * An anchor: what a chain said of a ledger at one block, enough to check bundles without the chain. Integers above 2^53 are decimal strings in the file and
 * `bigint` inside.
 */
import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import { POLICY_KINDS } from '../policy/policy.ts'
import { KEY_WORDS } from './key-words.ts'
import { Account, Hash, Shards, Slots } from './scalars.ts'

/** The only version there is. */
export const ANCHOR_FORMAT = 'fairlead-anchor/1'

const Word = Uint(256)

const AnchorVerifier = z.strictObject({
  kind: z.enum(POLICY_KINDS),
  shards: Shards,
  slots: Slots,
  verifierId: Hash,
  /** The key that `verifierId` is the hash of (protocol, section 9). */
  keyWords: z.array(Word).length(KEY_WORDS),
})

const AnchorEpoch = z.strictObject({
  epoch: Uint(64),
  firstBatch: Uint(64),
  keyCommit: Word,
  signer: Account,
  seed: Word,
  seedBlockHash: Hash,
  policyHash: Hash,
  policy: z.strictObject({
    feeWord: Word,
    words: z.array(Word),
    settlements: z.array(Account),
    reportSigners: z.array(Account),
  }),
  verifiers: z.array(AnchorVerifier).min(1),
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
  })
  .refine(({ firstBatch, records, accepted }) => firstBatch + BigInt(records.length) <= accepted, {
    error: 'expected records of accepted batches',
    path: ['records'],
  })
  .refine(({ epochs, firstBatch }) => (epochs[0]?.firstBatch ?? 0n) <= firstBatch, {
    error: 'expected the epoch of the first record',
    path: ['epochs'],
  })
export type AnchorBody = z.infer<typeof AnchorBody>

/** An anchor that was read or made; its digest is the body's. */
export interface Anchor extends AnchorBody {
  /** Keccak-256 of the body as compact JSON text: what two people compare to know that they hold the same anchor. */
  readonly digest: string
}
