import { CodedError } from '../base/error.ts'
import { assertSafeKey, parseVerifyingKey, type VerifyingKey, verifyingKeyJson } from '../proof/vkey.ts'

/** Words of a key with the three public signals D, alpha and y. */
export const KEY_WORDS = 22
const SIGNALS = 3

/**
 * A verifying key from its 22 words: alpha1, beta2, gamma2, delta2, IC[0 … 3], G2 with the imaginary parts first.
 * @returns `undefined` for another number of words, a point off its curve, or gamma2 = delta2, under which any statement can be proven.
 */
export function verifyingKeyOf(words: readonly bigint[]): VerifyingKey | undefined {
  if (words.length !== KEY_WORDS) return undefined
  const at = (i: number): bigint => words[i] ?? 0n
  const g1 = (i: number): VerifyingKey['alpha'] => [at(i), at(i + 1)]
  const g2 = (i: number): VerifyingKey['beta'] => [
    [at(i + 1), at(i)],
    [at(i + 3), at(i + 2)],
  ]
  const key = { alpha: g1(0), beta: g2(2), gamma: g2(6), delta: g2(10), ic: [14, 16, 18, 20].map(g1) }
  try {
    // Parsing is where points are checked.
    const checked = parseVerifyingKey(verifyingKeyJson(key))
    assertSafeKey(checked, SIGNALS)
    return checked
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
