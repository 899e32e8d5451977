import type { Hex32 } from '../base/keccak.ts'
import { domainSeparator, type SigningDomain } from '../order/domain.ts'
import { SEGMENTS, type Segment } from '../order/order.ts'
import { batchKeyOf, keyCommitmentOf } from '../policy/keys.ts'
import { type PublishedPolicy, policyHash } from '../policy/policy.ts'
import { largestSize } from '../route/route.ts'
import type { Shape } from '../statement/statement.ts'

/** A circuit as the service needs to know it. */
export interface CircuitFacts {
  readonly name: string
  readonly shape: Shape
  readonly verifierId: Hex32
}

/** What an epoch fixed on chain, final before its first receipt. */
export interface EpochFacts {
  readonly epoch: bigint
  readonly firstBatch: bigint
  readonly keyCommit: bigint
  /** In sealed mode no draw depends on it: each batch has its own. */
  readonly seed: bigint
  /** The account whose signature makes receipts and batches. */
  readonly signer: string
  /** What orders are routed by: the published policy with its weights multiplied. */
  readonly policy: PublishedPolicy
  readonly published: PublishedPolicy
  /** What its weights are multiplied by, of 256, by shard. */
  readonly multipliers: readonly bigint[]
  /** Its first batch starts from the public reset state. */
  readonly fromReset: boolean
  /** Its batches are sealed on chain before their seeds are known. */
  readonly sealedMode: boolean
}

/** Everything that routing in one epoch depends on, made once. */
export interface LaneContext extends EpochFacts {
  readonly domain: SigningDomain
  readonly separator: Hex32
  /** The published policy's. */
  readonly policyHash: Hex32
  readonly circuit: CircuitFacts
  /** The operator key, a secret field element. */
  readonly key: bigint
  readonly batchKey: bigint
  /** In lots. */
  readonly largestSize: Readonly<Record<Segment, number>>
  /** Least time between two batches, µs. */
  readonly minInterval: bigint
}

/** Whether the operator key is the one that the epoch committed to. */
export const opensEpoch = (key: bigint, epoch: Pick<EpochFacts, 'keyCommit'>): boolean =>
  keyCommitmentOf(key) === epoch.keyCommit

/** Adds what follows from the given facts. Whether the key is the epoch's, {@link opensEpoch} tells before. */
export function laneContext(
  given: EpochFacts & Pick<LaneContext, 'domain' | 'circuit' | 'key' | 'minInterval'>,
): LaneContext {
  const [retail, institutional] = SEGMENTS.map((segment) => largestSize(given.policy, segment))
  return {
    ...given,
    separator: domainSeparator(given.domain),
    policyHash: policyHash(given.published),
    batchKey: batchKeyOf(given.key, given.seed),
    largestSize: { retail: retail ?? 0, institutional: institutional ?? 0 },
  }
}
