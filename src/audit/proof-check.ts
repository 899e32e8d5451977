import { isProofWords, proofFromWords } from '../proof/calldata.ts'
import { verifyProof } from '../proof/verify.ts'
import { verifyingKeyOf } from './key-words.ts'

/**
 * Verifies a proof from the words that the chain has of it.
 * @param keyWords the verifying key's 22 words (protocol, section 9). @param proof eight words. @returns false for anything but a valid proof.
 */
export type ProofCheck = (
  keyWords: readonly bigint[],
  signals: readonly bigint[],
  proof: readonly bigint[],
) => Promise<boolean>

/** The auditor's own verification, without any chain. */
export const verifyWords: ProofCheck = async (keyWords, signals, proof) => {
  const key = verifyingKeyOf(keyWords)
  return key !== undefined && isProofWords(proof) && verifyProof(key, signals, proofFromWords(proof))
}
