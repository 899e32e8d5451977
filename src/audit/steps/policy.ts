import { areMultipliers, fullMultipliers } from '../../policy/multiplied.ts'
import { FULL } from '../../policy/reputation.ts'
import type { Statement } from '../../statement/statement.ts'
import { equal, holds, unchecked } from '../check.ts'
import { epochWords } from '../epoch-words.ts'
import { brokenRule, publishedHash } from '../policy-words.ts'
import { checkRegistry } from '../registry-checks.ts'
import { checkReputation, leastMultiplier } from '../reputation-checks.ts'
import type { ChecksOf, EpochContext, LedgerContext } from '../step.ts'

const FEE_BITS = 15

/** Policies keep the rules, come into force only through timelock and guard rails, weights are multiplied as reputation concluded, and batches stay inside what they allow. */
export const policy = {
  /** The whole history of registry and reputation, from their events. */
  *ledger({ config, epochs, registry }: LedgerContext): ChecksOf<'policy'> {
    const why = "the registry's events were not read"
    if (!registry) {
      yield unchecked('policy-timelock', {}, why)
      return yield unchecked('epoch-multipliers', {}, why)
    }
    yield* checkRegistry(registry, epochs)
    yield* checkReputation(registry, config.shards)
  },

  /** The policy of an epoch, as the ledger fixed it and as the registry publishes it. */
  *epoch({ config, epoch: record }: EpochContext): ChecksOf<'policy'> {
    const { epoch, policy: published } = record
    const lists = [published.words, published.settlements, published.reportSigners]
    const complete = lists.every((list) => list.length === config.shards)
    const lengths = lists.map((list) => list.length)
    yield holds('policy-rules', { epoch, at: 'shards' }, complete, `${config.shards} of each`, `${lengths}`)
    const broken = brokenRule(published)
    yield holds('policy-rules', { epoch }, broken === undefined, 'a policy that keeps the rules', broken ?? '')
    yield equal('policy-hash', { epoch }, record.policyHash, publishedHash(published))
    yield equal('policy-words', { epoch, at: 'feeWord' }, published.feeWord, record.feeWord)
    const { multipliers = fullMultipliers(config.shards) } = record
    const least = leastMultiplier(epoch)
    const fit = areMultipliers(multipliers, config.shards) && multipliers.every((each) => each >= least)
    yield holds('epoch-multipliers', { epoch }, fit, `${config.shards} of ${least} … ${FULL}`, `${multipliers}`)
    yield equal('policy-words', { epoch, at: 'shards' }, `${epochWords(record)}`, `${record.policyWords}`)
  },

  /** Fees and assignments lie where the policy allows. The proof says so too; a broken circuit would not. */
  *batch({ statement }: { statement: Statement }): ChecksOf<'policy'> {
    const place = { batch: statement.batchIndex }
    const feeMin = BigInt.asUintN(FEE_BITS, statement.feeWord)
    const feeMax = BigInt.asUintN(FEE_BITS, statement.feeWord >> BigInt(FEE_BITS))
    for (const [shard, fee] of statement.fees.entries()) {
      const inside = fee >= feeMin && fee <= feeMax
      yield holds('fee-range', { ...place, at: `shard ${shard}` }, inside, `${feeMin} … ${feeMax}`, fee)
    }
    const shards = statement.open.length
    for (const [slot, byte] of statement.assignments.entries())
      yield holds('assignment-range', { ...place, at: `slot ${slot}` }, byte <= shards, `0 … ${shards}`, byte)
  },
}
