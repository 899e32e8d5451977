import { z } from 'zod'
import { Address, Bytes32 } from '../base/schema.ts'

/*
 * Shapes of what contracts answer, by position as the ABI lists the fields. Endpoints are not trusted: whatever has another shape is refused.
 */

const Words = z.array(z.bigint())
const Small = z
  .bigint()
  .refine((value) => value < 2n ** 53n, 'expected an integer below 2^53')
  .transform(Number)

/** A policy in full, as the registry publishes it. */
export const PolicyFields = z
  .tuple([z.bigint(), Words, z.array(Address), z.array(Address)])
  .transform(([feeWord, words, settlements, reportSigners]) => ({ feeWord, words, settlements, reportSigners }))
export type PolicyWords = z.infer<typeof PolicyFields>

/** Fates of a proposal, in the contract's order (IPolicyRegistry.Status). */
export const PROPOSAL_STATUSES = [
  'unknown',
  'waiting',
  'ripe',
  'expired',
  'cancelled',
  'superseded',
  'active',
  'replaced',
] as const

/** One proposal of the registry's queue; `etaS` is seconds since the Unix epoch. */
export const ProposalFields = z
  .tuple([Bytes32, Address, Small, Small])
  .transform(([policyHash, _data, etaS, status]) => ({
    policyHash,
    etaS,
    status: PROPOSAL_STATUSES[status] ?? 'unknown',
  }))
export type Proposal = z.infer<typeof ProposalFields>

/** Receipts number slots in 16 bits. More would have an auditor set aside whatever memory an endpoint asks for. */
const Slots = Small.refine((slots) => slots <= 2 ** 16, 'expected at most 65,536 slots')
/** The registry takes 1 to 64. */
export const Shards = Small.refine((shards) => shards >= 1 && shards <= 64, 'expected 1 to 64 shards')

const EpochVerifierFields = z
  .tuple([Address, Slots, Bytes32])
  .transform(([address, slots, verifierId]) => ({ address, slots, verifierId }))

/** An epoch as the ledger keeps it. */
export const EpochFields = z
  .tuple([
    z.bigint(),
    z.bigint(),
    z.bigint(),
    z.bigint(),
    Address,
    Bytes32,
    z.bigint(),
    Words,
    z.array(EpochVerifierFields),
    z.bigint(),
    z.boolean(),
    z.boolean(),
    z.boolean(),
    Words,
  ])
  .transform(
    ([firstBatch, seedBlock, seed, keyCommit, signer, policyHash, feeWord, policyWords, verifiers, ...rest]) => {
      const [end, abandoned, fromReset, sealedMode, multipliers] = rest
      const fixed = { firstBatch, seedBlock, seed, keyCommit, signer, policyHash, feeWord, policyWords, verifiers }
      return { ...fixed, end, abandoned, fromReset, sealedMode, multipliers }
    },
  )

/** `EpochOpened`. */
export const OpenedEvent = z
  .tuple([z.bigint(), z.bigint(), Bytes32])
  .transform(([epoch, seed, blockHash]) => ({ epoch, seed, blockHash }))

/** `BatchAccepted`. */
export const AcceptedEvent = z
  .tuple([z.bigint(), z.bigint(), Address, Bytes32])
  .transform(([index, epoch, beneficiary, statementHash]) => ({ index, epoch, beneficiary, statementHash }))

/** `SealOpened`. */
export const SealEvent = z
  .tuple([z.bigint(), z.bigint(), z.bigint(), Bytes32])
  .transform(([epoch, index, seed, blockHash]) => ({ epoch, index, seed, blockHash }))

/** `sealOf`. */
export const SealFields = z
  .tuple([Bytes32, Small, Small])
  .transform(([sealHash, seedBlock, sealedAtS]) => ({ sealHash, seedBlock, sealedAtS }))

/** The 22 words of a verifier's key. */
export const KeyWords = Words.length(22)

/** A single unsigned integer that a JSON number holds. */
export const SmallUint = Small
