import { POLICY_KINDS } from '../../policy/policy.ts'
import { verifierIdOf } from '../../statement/verifier-id.ts'
import { equal, holds } from '../check.ts'
import { KEY_WORDS, verifyingKeyOf } from '../key-words.ts'
import { kindIdOf } from '../policy-words.ts'
import type { VerifierRecord } from '../records.ts'
import type { ArrivedBatch, ChecksOf, EpochContext } from '../step.ts'

/** An epoch's verifiers are of its kind and of the ledger's shards, under keys that are sound and that their ids are the hashes of. */
export const keys = {
  *epoch({ config, epoch }: EpochContext): ChecksOf<'keys'> {
    for (const [i, verifier] of epoch.verifiers.entries()) {
      const at = `verifier ${i}`
      const place = { epoch: epoch.epoch, at }
      yield equal('verifier-shape', { ...place, at: `shards of ${at}` }, config.shards, verifier.shards)
      yield equal('verifier-shape', { ...place, at: `kind of ${at}` }, kindIdOf(epoch.feeWord), verifier.kind)
      if (verifier.keyWords === undefined || !POLICY_KINDS[verifier.kind]) continue
      const sound = verifyingKeyOf(verifier.keyWords) !== undefined
      yield holds('verifier-key', place, sound, 'a sound key', 'a key that is none or can be forged under')
      yield equal('verifier-id', place, verifier.verifierId, idOf(verifier))
    }
  },

  *batch({ batch, epoch, verifier }: Pick<ArrivedBatch, 'batch' | 'epoch' | 'verifier'>): ChecksOf<'keys'> {
    const known = `one of ${epoch?.verifiers.length}`
    yield holds('batch-verifier', { batch: batch.index }, verifier !== undefined, known, batch.submission.verifier)
  },
}

function idOf({ kind, shards, slots, keyWords }: VerifierRecord): string {
  const name = POLICY_KINDS[kind]
  return name && keyWords?.length === KEY_WORDS ? verifierIdOf(name, { shards, slots }, keyWords) : 'not a key'
}
