import { CodedError } from '../base/error.ts'
import { FIELD_MODULUS } from '../base/field.ts'
import { type Hex32, keccakWords } from '../base/keccak.ts'
import type { SigningDomain } from '../order/domain.ts'
import { POLICY_KINDS, type PolicyKindName, policyOf } from '../policy/policy.ts'
import { genesisStates, stateHash } from '../route/state.ts'
import { epochSeed, sealSeed } from '../statement/record.ts'
import { verifierIdOf } from '../statement/verifier-id.ts'
import { type Check, equal, holds } from './check.ts'
import { KEY_WORDS, verifyingKeyOf } from './key-words.ts'
import type { BatchRecord, EpochRecord, LedgerConfig, PolicyRecord, VerifierRecord } from './records.ts'

/** Where the kind begins in a fee word. */
const KIND_SHIFT = 30n
const ZERO_ADDRESS = `0x${'00'.repeat(20)}`

/** The kind of policy that a fee word names; `undefined` for none that there is. */
export const kindOf = (feeWord: bigint): PolicyKindName | undefined => POLICY_KINDS[Number(feeWord >> KIND_SHIFT)]

/** The ledger's start. */
export function* checkGenesis({
  shards,
  genesisState,
}: Pick<LedgerConfig, 'shards' | 'genesisState'>): Generator<Check> {
  yield equal('genesis-state', {}, stateHash(0n, genesisStates(shards)), genesisState)
}

/** One epoch: everything that its batches rest on. @param before the epoch announced before it, if any. */
export function* checkEpoch(config: LedgerConfig, epoch: EpochRecord, before?: EpochRecord): Generator<Check> {
  yield* checkSequence(epoch, before)
  yield* checkEpochParts(config, epoch)
}

type Numbered = Pick<EpochRecord, 'epoch' | 'firstBatch' | 'abandoned'>

/** An epoch follows the one before it. @param before none: the epoch is the ledger's first. */
export function* checkSequence({ epoch, firstBatch }: Numbered, before?: Numbered): Generator<Check> {
  yield equal('epoch-sequence', { epoch, at: 'number' }, (before?.epoch ?? 0n) + 1n, epoch)
  const place = { epoch, at: 'firstBatch' }
  if (!before) return yield equal('epoch-sequence', place, 0n, firstBatch)
  // An epoch that was abandoned may have had no batch.
  const least = before.firstBatch + (before.abandoned === true ? 0n : 1n)
  yield holds('epoch-sequence', place, firstBatch >= least, `at least ${least}`, firstBatch)
}

/** All of an epoch but where its seed's block lies in the chain. */
export type EpochParts = Omit<EpochRecord, 'seedBlock'>

/** One epoch in itself: key, signer, policy and verifiers. */
export function* checkEpochParts(config: Pick<LedgerConfig, 'shards'>, epoch: EpochParts): Generator<Check> {
  const place = { epoch: epoch.epoch }
  const keyFits = epoch.keyCommit > 0n && epoch.keyCommit < FIELD_MODULUS
  yield holds('epoch-key', { ...place, at: 'keyCommit' }, keyFits, 'a field element but 0', epoch.keyCommit)
  yield holds('epoch-key', { ...place, at: 'signer' }, epoch.signer !== ZERO_ADDRESS, 'an account', epoch.signer)
  yield* checkPolicy(config, epoch)
  for (const [i, verifier] of epoch.verifiers.entries()) yield* checkVerifier(config, epoch, verifier, i)
}

/**
 * The seed follows from the hash that the ledger took, and that hash is the chain's. @param chainHash the block's, from the chain itself, if it is known.
 */
export function* checkSeed(domain: SigningDomain, record: EpochParts, chainHash: Hex32 | undefined): Generator<Check> {
  const { epoch, seed, seedBlockHash } = record
  if (seedBlockHash === undefined)
    return yield holds('epoch-seed', { epoch }, seed === 0n, 'no seed while the block is unknown', seed)
  yield equal('epoch-seed', { epoch }, epochSeed(domain, epoch, seedBlockHash), seed)
  if (chainHash !== undefined) yield equal('epoch-seed', { epoch, at: 'block' }, chainHash, seedBlockHash)
}

/** In sealed mode a batch brings its own seed, from the block that its seal fixed. */
export function* checkSeal(
  domain: SigningDomain,
  { epoch, sealedMode = false }: Pick<EpochRecord, 'epoch' | 'sealedMode'>,
  { index, seal }: Pick<BatchRecord, 'index' | 'seal'>,
): Generator<Check> {
  if (!sealedMode && seal === undefined) return
  const place = { batch: index, at: 'seal' }
  yield holds('epoch-seed', place, sealedMode === (seal !== undefined), sealedMode ? 'a seal' : 'no seal', seal?.seed ?? 'none')
  if (seal) yield equal('epoch-seed', place, sealSeed(domain, epoch, index, seal.blockHash), seal.seed)
}

function* checkPolicy({ shards }: Pick<LedgerConfig, 'shards'>, record: EpochParts): Generator<Check> {
  const { epoch, policy } = record
  const lists = [policy.words, policy.settlements, policy.reportSigners]
  yield holds(
    'policy-rules',
    { epoch, at: 'shards' },
    lists.every((list) => list.length === shards),
    `${shards} of each`,
    `${lists.map((list) => list.length)}`,
  )
  yield rules(epoch, policy)
  yield equal('policy-hash', { epoch }, record.policyHash, publishedHash(policy))
  yield equal('policy-words', { epoch, at: 'feeWord' }, policy.feeWord, record.feeWord)
  yield equal('policy-words', { epoch, at: 'shards' }, `${policy.words}`, `${record.policyWords}`)
}

function rules(epoch: bigint, policy: PolicyRecord): Check {
  const name = 'policy-rules'
  try {
    policyOf(policy.feeWord, policy.words)
    return { name, ok: true, epoch }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { name, ok: false, epoch, expected: 'a policy that keeps the rules', found: error.message }
  }
}

/** `policyHash` over the words as published: a word with stray bits has a hash too. */
const publishedHash = ({ feeWord, words, settlements, reportSigners }: PolicyRecord): string =>
  keccakWords([feeWord, ...words, ...settlements.map(BigInt), ...reportSigners.map(BigInt)])

function* checkVerifier(
  config: Pick<LedgerConfig, 'shards'>,
  epoch: EpochParts,
  verifier: VerifierRecord,
  i: number,
): Generator<Check> {
  const place = { epoch: epoch.epoch, at: `verifier ${i}` }
  yield equal('verifier-shape', { ...place, at: `shards of verifier ${i}` }, config.shards, verifier.shards)
  yield equal('verifier-shape', { ...place, at: `kind of verifier ${i}` }, epoch.feeWord >> KIND_SHIFT, verifier.kind)
  const kind = POLICY_KINDS[verifier.kind]
  if (!kind || verifier.keyWords === undefined) return
  yield holds(
    'verifier-key',
    place,
    verifyingKeyOf(verifier.keyWords) !== undefined,
    'a sound key',
    'a key that is none or can be forged under',
  )
  const id = verifier.keyWords.length === KEY_WORDS ? verifierIdOf(kind, verifier, verifier.keyWords) : 'not a key'
  yield equal('verifier-id', place, verifier.verifierId, id)
}
