import type { SigningDomain } from '../../order/domain.ts'
import { bind, publicSignals } from '../../statement/binding.ts'
import { statementDigest } from '../../statement/statement.ts'
import { AuditError, type Check, equal, holds } from '../check.ts'
import type { CodeOf } from '../codes.ts'
import type { ProofCheck, ProofClaim } from '../proof-check.ts'
import type { BatchRecord, VerifierRecord } from '../records.ts'
import type { ChecksOf } from '../step.ts'

/** A proof that waits for its turn. */
export interface ClaimOfBatch extends ProofClaim {
  readonly batch: bigint
}

/** The proof holds for the rebuilt V, in this ledger, for this beneficiary and verifier. */
export const proofs = {
  /**
   * What the proof of a batch claims.
   * @throws AuditError KEY_UNKNOWN.
   */
  *batch({
    config,
    verifier,
    batch,
    words,
  }: {
    config: SigningDomain
    verifier: VerifierRecord
    batch: BatchRecord
    words: readonly bigint[]
  }): Generator<Check<CodeOf<'proofs'>>, ClaimOfBatch> {
    const { verifierId, keyWords } = verifier
    if (!keyWords)
      throw new AuditError('KEY_UNKNOWN', `no verifying key is known for ${verifierId}`, { details: { verifierId } })
    const { beneficiary, digest, proof } = batch.submission
    const rebuilt = statementDigest(words)
    yield equal('statement-digest', { batch: batch.index }, rebuilt, digest)
    const binding = bind({ ...config, beneficiary, verifierId }, words, rebuilt)
    return { batch: batch.index, keyWords, signals: publicSignals(binding), proof }
  },

  /** Verifies what was claimed, all at once. */
  async verify(claims: readonly ClaimOfBatch[], verifyProofs: ProofCheck): Promise<ChecksOf<'proofs'>> {
    const valid = claims.length === 0 ? [] : await verifyProofs(claims)
    return claims.map(({ batch }, i) =>
      holds('proof', { batch }, valid[i] === true, 'a valid proof', 'a proof that does not verify'),
    )
  },
}
