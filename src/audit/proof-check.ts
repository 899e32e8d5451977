import { isProofWords, proofFromWords } from '../proof/calldata.ts'
import { verifyProof } from '../proof/verify.ts'
import { verifyingKeyOf } from './key-words.ts'

/** A proof with what it is said to prove, in words as the chain has them. */
export interface ProofClaim {
  /** The verifying key's 22 words (protocol, section 9). */
  readonly keyWords: readonly bigint[]
  /** D, alpha and y. */
  readonly signals: readonly bigint[]
  /** Eight words. */
  readonly proof: readonly bigint[]
}

/**
 * Verifies proofs. Given from outside, so that the auditor runs where there is no native verifier: in browsers, and in tests without circuits.
 * @returns for each claim, in order, whether its proof is valid; anything but a valid proof is false.
 */
export type ProofCheck = (claims: readonly ProofClaim[]) => Promise<readonly boolean[]>

/** The auditor's own verification, one by one, in this thread: about 30 ms each. */
export const verifyWords: ProofCheck = async (claims) => {
  const valid: boolean[] = []
  for (const { keyWords, signals, proof } of claims) {
    const key = verifyingKeyOf(keyWords)
    valid.push(key !== undefined && isProofWords(proof) && (await verifyProof(key, signals, proofFromWords(proof))))
  }
  return valid
}
