import { z } from 'zod'
import { CodedError } from '../base/error.ts'
import { type Hex32, keccakWords } from '../base/keccak.ts'
import { packWord, unpackWord, type WordLayout } from '../base/pack.ts'
import { Address } from '../base/schema.ts'

/** POLICY_INVALID: a rule of the protocol's section 3 is broken; `details.rule` and `details.shard` say which and where. */
export class PolicyError extends CodedError<'POLICY_INVALID'> {}

/** The kinds of policy, in the order of their ids: adding one is a row here, a module, a circuit template and tests. */
export const POLICY_KINDS = ['two-choice', 'round-robin'] as const
export type PolicyKindName = (typeof POLICY_KINDS)[number]

/** The kind of that name; `undefined` when there is none. */
export const policyKind = (name: string | undefined): PolicyKindName | undefined =>
  POLICY_KINDS.find((kind) => kind === name)

const uint = (bits: number) =>
  z
    .int()
    .min(0)
    .lt(2 ** bits)
    .transform(BigInt)
const Ticks = uint(40)

/** What a policy says of one shard. Times are in ticks (1 µs of that shard's time). */
export const ShardPolicy = z.strictObject({
  /** Share of each segment's flow, relative to the other shards: retail, then institutional; 12 bits each. */
  weights: z.tuple([uint(12), uint(12)]),
  /** Service time of one lot, in ticks; 16 bits. */
  tau: uint(16),
  /** Backlog above which no order is accepted. */
  limit: Ticks,
  /** Backlog at which the breaker closes the shard. */
  trip: Ticks,
  /** Backlog below which a closed shard opens again. */
  reset: Ticks,
  /** Difference of recent buys and sells at which the breaker closes the shard. */
  skew: Ticks,
  /** Backlog above which the shard's congestion fee rises. */
  target: Ticks,
  /** Whether the shard signs reports of its served work; if not, the elapsed time counts as served. */
  reporting: z.boolean(),
})
export type ShardPolicy = z.infer<typeof ShardPolicy>

/** A routing policy as circuits see it. Fees are in 15 bits, `kind` names the rule that picks shards. */
export const Policy = z.strictObject({
  kind: z.enum(POLICY_KINDS),
  feeMin: uint(15),
  feeMax: uint(15),
  shards: z.array(ShardPolicy).min(1).max(64),
})
export type Policy = z.infer<typeof Policy>

/** A policy as it is published on chain: with each shard's settlement contract and report signer. */
export const PublishedPolicy = Policy.extend({ settlements: z.array(Address), reportSigners: z.array(Address) })
export type PublishedPolicy = z.infer<typeof PublishedPolicy>

const POLICY_WORD = [
  ['weight0', 12],
  ['weight1', 12],
  ['tau', 16],
  ['limit', 40],
  ['trip', 40],
  ['reset', 40],
  ['skew', 40],
  ['target', 40],
  ['reporting', 1],
] as const satisfies WordLayout<string>
const FEE_WORD = [
  ['feeMin', 15],
  ['feeMax', 15],
  ['kind', 8],
] as const satisfies WordLayout<string>

/** The word of one shard (241 bits; protocol, section 9). */
export const shardPolicyWord = ({ weights, reporting, ...ticks }: ShardPolicy): bigint =>
  packWord(POLICY_WORD, { weight0: weights[0], weight1: weights[1], ...ticks, reporting: reporting ? 1n : 0n })

/** The inverse of {@link shardPolicyWord}. @throws OutOfRangeError OUT_OF_RANGE for bits above the layout. */
export function shardPolicyOf(word: bigint): ShardPolicy {
  const { weight0, weight1, reporting, ...ticks } = unpackWord(POLICY_WORD, word)
  return { weights: [weight0, weight1], ...ticks, reporting: reporting === 1n }
}

/** The fee word: fees and the kind's id (38 bits). */
export const feeWord = ({ feeMin, feeMax, kind }: Policy): bigint =>
  packWord(FEE_WORD, { feeMin, feeMax, kind: BigInt(POLICY_KINDS.indexOf(kind)) })

/**
 * Reads a policy back from its words; every rule of section 3 is checked.
 * @throws PolicyError POLICY_INVALID, OutOfRangeError OUT_OF_RANGE.
 */
export function policyOf(fee: bigint, words: readonly bigint[]): Policy {
  const { kind: id, ...fees } = unpackWord(FEE_WORD, fee)
  const kind = POLICY_KINDS[Number(id)]
  if (!kind) throw new PolicyError('POLICY_INVALID', `unknown policy kind ${id}`, { details: { rule: 'kind' } })
  return validatePolicy({ kind, ...fees, shards: words.map(shardPolicyOf) })
}

/** `policyHash` of the protocol's section 9: names all that traders, settlement contracts and report verifiers rely on. */
export const policyHash = (policy: PublishedPolicy): Hex32 =>
  keccakWords([
    feeWord(policy),
    ...policy.shards.map(shardPolicyWord),
    ...policy.settlements.map(BigInt),
    ...policy.reportSigners.map(BigInt),
  ])

/**
 * Checks every rule that the registry checks (section 3).
 * @returns the policy itself.
 * @throws PolicyError POLICY_INVALID, naming the first broken rule.
 */
export function validatePolicy<P extends Policy>(policy: P): P {
  const check = (ok: boolean, rule: string, shard?: number): void => {
    const where = shard === undefined ? '' : ` (shard ${shard})`
    if (!ok)
      throw new PolicyError('POLICY_INVALID', `policy rule broken: ${rule}${where}`, { details: { rule, shard } })
  }
  check(policy.feeMin >= 1n && policy.feeMin <= policy.feeMax, '1 <= feeMin <= feeMax')
  policy.shards.forEach(({ tau, limit, trip, reset, skew }, shard) => {
    check(tau > 0n, 'tau > 0', shard)
    check(reset > 0n && reset <= trip && trip <= limit && limit < 1n << 36n, '0 < reset <= trip <= limit < 2^36', shard)
    check(skew >= 8n, 'skew >= 8', shard)
  })
  for (const segment of [0, 1] as const) {
    const weights = policy.shards.map((shard) => shard.weights[segment])
    const sum = weights.reduce((a, b) => a + b, 0n)
    check(sum > 0n, 'each segment has a positive weight')
    weights.forEach((w, shard) => {
      check(w === 0n || w * 1024n >= sum, "a weight is 0 or at least a 1024th of its segment's sum", shard)
    })
  }
  return policy
}
