import { toUtf8Bytes } from 'ethers'
import { jsonText } from '../base/json.ts'
import { type Hex32, keccakBytes } from '../base/keccak.ts'
import { isMultiplied } from '../policy/multiplied.ts'
import { POLICY_KINDS } from '../policy/policy.ts'
import { ANCHOR_FORMAT, type Anchor, AnchorBody, type AnchorEpoch } from './anchor-schema.ts'
import { AuditError } from './check.ts'
import { epochWords } from './epoch-words.ts'
import { parseJson } from './json-text.ts'
import type { EpochRecord, LedgerConfig, VerifierRecord } from './records.ts'
import { Hash } from './scalars.ts'

/** What a chain says at one block, from which an anchor is made. */
export interface AnchorSource {
  readonly config: Pick<LedgerConfig, 'chainId' | 'ledger' | 'shards' | 'genesisState'>
  /** `time` in seconds since the Unix epoch. */
  readonly block: { readonly number: bigint; readonly hash: Hex32; readonly time: bigint }
  /** Batches that the ledger had accepted at the block. */
  readonly accepted: bigint
  /** Epochs of the records, in order. */
  readonly epochs: readonly EpochRecord[]
  readonly firstBatch: bigint
  readonly records: readonly Hex32[]
  /** Of the batches of epochs in sealed mode, in order. */
  readonly seals?: readonly { readonly index: bigint; readonly blockHash: Hex32 }[]
}

/**
 * Makes an anchor. The same records give the same text, whoever is asked for them.
 * @throws AuditError `KEY_UNKNOWN` for a verifier whose key or kind is unknown; `ANCHOR_INVALID` for records that no chain has.
 */
export function makeAnchor({ config, block, accepted, epochs, firstBatch, records, seals = [] }: AnchorSource): Anchor {
  const { chainId, ledger, shards, genesisState } = config
  const place = { format: ANCHOR_FORMAT, chainId, ledger, block, shards, genesisState, accepted }
  const body = { ...place, epochs: epochs.map(epochOf), firstBatch, records, seals }
  return withDigest(parseBody(JSON.parse(jsonText(body))))
}

/** The one text of an anchor. */
export const writeAnchor = (anchor: Anchor): string => `${jsonText(anchor, 2)}\n`

/**
 * Reads an anchor.
 * @throws AuditError `ANCHOR_INVALID` for anything but a text that {@link writeAnchor} gives: another form or version, another spelling, a digest that is
 * not the content's.
 */
export function readAnchor(text: string): Anchor {
  const { digest, ...body } = Object(parseJson(text))
  if (!Hash.safeParse(digest).success) throw invalid('it is no anchor, or not in canonical text')
  const anchor = withDigest(parseBody(body))
  if (anchor.digest !== digest)
    throw invalid(`it was altered: its content has the digest ${anchor.digest}, not ${digest}`)
  if (writeAnchor(anchor) !== text) throw invalid('it is not in canonical text')
  return anchor
}

function parseBody(value: unknown): AnchorBody {
  const { data, error } = AnchorBody.safeParse(value)
  if (data) return data
  const issue = error.issues[0]
  throw invalid(`${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
}

/** An anchor from its content. */
export const withDigest = (body: AnchorBody): Anchor => ({ ...body, digest: keccakBytes(toUtf8Bytes(jsonText(body))) })

const invalid = (why: string): AuditError => new AuditError('ANCHOR_INVALID', `the anchor cannot be used: ${why}`)

function epochOf(record: EpochRecord): Partial<Record<keyof AnchorEpoch, unknown>> {
  const { epoch, firstBatch, keyCommit, signer, seed, seedBlockHash, policyHash } = record
  // Whoever reads the anchor multiplies again; what the hash is of is known to the registry alone.
  if (`${epochWords(record)}` !== `${record.policyWords}`)
    throw invalid(`epoch ${epoch} is not proven under its policy, weights multiplied`)
  const { words, settlements, reportSigners } = record.policy
  const policy = { feeWord: record.feeWord, words, settlements, reportSigners }
  const { abandoned = false, end, fromReset = false, sealedMode = false, multipliers = [] } = record
  const place = { epoch, firstBatch, keyCommit, signer, seed, seedBlockHash, policyHash }
  const way = { abandoned, ...(abandoned && { end }), fromReset, sealedMode }
  const reduced = isMultiplied(multipliers) && { multipliers }
  return { ...place, policy, ...reduced, verifiers: record.verifiers.map(verifierOf), ...way }
}

function verifierOf({ kind, shards, slots, verifierId, keyWords }: VerifierRecord) {
  const kindName = POLICY_KINDS[kind]
  if (keyWords && kindName) return { kind: kindName, shards, slots, verifierId, keyWords }
  throw new AuditError('KEY_UNKNOWN', `no verifying key is known for ${verifierId}`, { details: { verifierId } })
}
