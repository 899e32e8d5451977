import { FIELD_MODULUS, modField } from '../base/field.ts'
import { type Hex32, keccakWords } from '../base/keccak.ts'
import type { SigningDomain } from '../order/domain.ts'
import { statementDigest } from './statement.ts'

/** The public signals of every circuit, in their order. */
export interface Binding {
  /** D, the sponge of V. */
  readonly digest: bigint
  /** The evaluation point. */
  readonly alpha: bigint
  /** V's polynomial at alpha. */
  readonly y: bigint
}

/** What a proof is bound to besides V: no replay elsewhere, no stolen rewards (protocol, section 4). */
export interface BindingContext extends SigningDomain {
  /** The account that the batch's reward goes to. */
  readonly beneficiary: string
  readonly verifierId: Hex32
}

/** `alpha = keccak256(chainId, ledger, beneficiary, verifierId, D, V) mod p`. */
export const challengeOf = (context: BindingContext, digest: bigint, words: readonly bigint[]): bigint =>
  modField(
    BigInt(
      keccakWords([
        context.chainId,
        BigInt(context.ledger),
        BigInt(context.beneficiary),
        BigInt(context.verifierId),
        digest,
        ...words,
      ]),
    ),
  )

/** `Σ V[k]·alpha^(n−1−k) mod p`, by Horner. */
export const evaluate = (words: readonly bigint[], alpha: bigint): bigint =>
  words.reduce((sum, word) => (sum * alpha + word) % FIELD_MODULUS, 0n)

/** The public signals for V in a context. @param words V. @param digest D, when the caller has made it from the same words already. */
export function bind(
  context: BindingContext,
  words: readonly bigint[],
  digest: bigint = statementDigest(words),
): Binding {
  const alpha = challengeOf(context, digest, words)
  return { digest, alpha, y: evaluate(words, alpha) }
}

/** The signals as the verifier takes them. */
export const publicSignals = ({ digest, alpha, y }: Binding): readonly [bigint, bigint, bigint] => [digest, alpha, y]
