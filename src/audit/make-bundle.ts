import { getAddress, Signature } from 'ethers'
import { POLICY_KINDS } from '../policy/policy.ts'
import { bind } from '../statement/binding.ts'
import { headHash, recordHash, recordParts } from '../statement/record.ts'
import { AuditError } from './check.ts'
import { circuitName } from './circuit-name.ts'
import type { BatchRecord, EpochRecord, LedgerConfig } from './records.ts'
import type { Rebuilt } from './step.ts'

/**
 * The bundle of an accepted batch from the chain alone: the same that the service gives, without asking it. It is as good as what the chain told; auditing it
 * against an anchor says how good that is.
 * @throws AuditError KEY_UNKNOWN for a batch under no verifier of its epoch.
 */
export function makeBundle(
  config: LedgerConfig,
  epoch: EpochRecord,
  batch: BatchRecord,
  { words, statement, head }: Rebuilt,
) {
  const { verifier: at, beneficiary, digest, proof, signature } = batch.submission
  const verifier = epoch.verifiers[at]
  const kind = verifier && POLICY_KINDS[verifier.kind]
  if (!verifier || !kind)
    throw new AuditError('KEY_UNKNOWN', `batch ${batch.index} names verifier ${at}, which its epoch does not have`)
  const { chainId, ledger } = config
  const { verifierId } = verifier
  const { alpha, y } = bind({ chainId, ledger, beneficiary, verifierId }, words)
  const parts = recordParts(statement, words, headHash(head), beneficiary)
  return {
    epoch: epoch.epoch,
    index: batch.index,
    time: statement.time,
    count: statement.commitments.length,
    deferred: statement.assignments.filter((byte) => byte === 0).length,
    circuit: circuitName({ kind, shards: config.shards, slots: verifier.slots }),
    chainId,
    ledger: getAddress(ledger),
    statement,
    ...parts,
    record: recordHash(parts),
    signer: getAddress(epoch.signer),
    signature: Signature.from(signature).serialized,
    proof: { words: proof, digest, alpha, y, beneficiary: getAddress(beneficiary), verifierId },
  }
}
