import type { Kysely } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import type { SigningDomain } from '../../order/domain.ts'
import { feeWord, shardPolicyWord } from '../../policy/policy.ts'
import { ServiceError } from '../errors.ts'
import type { EpochFacts } from '../lane-context.ts'
import type { Tables } from './tables.ts'

const Row = z.object({
  epoch: Uint(63),
  chain_id: Uint(256),
  ledger: z.string(),
  key_commit: Uint(256),
  seed: Uint(256),
})

/**
 * Keeps an epoch's facts before its first receipt, or checks that those kept are the same.
 * @throws ServiceError CHAIN_MISMATCH when the database belongs to another chain, ledger or run of a chain.
 */
export async function ensureEpoch(db: Kysely<Tables>, domain: SigningDomain, facts: EpochFacts): Promise<void> {
  const { policy } = facts
  await db
    .insertInto('epoch')
    .values({
      epoch: facts.epoch,
      first_batch: facts.firstBatch,
      chain_id: domain.chainId,
      ledger: domain.ledger,
      key_commit: facts.keyCommit,
      seed: facts.seed,
      signer: facts.signer,
      fee_word: feeWord(policy),
      policy_words: JSON.stringify(policy.shards.map(shardPolicyWord).map(String)),
      settlements: JSON.stringify(policy.settlements),
      report_signers: JSON.stringify(policy.reportSigners),
    })
    .onConflict((conflict) => conflict.column('epoch').doNothing())
    .execute()
  const rows = await db.selectFrom('epoch').selectAll().orderBy('epoch').execute()
  for (const { epoch, chain_id: chainId, ledger, seed } of rows.map((row) => Row.parse(row))) {
    const same =
      chainId === domain.chainId && ledger === domain.ledger && (epoch !== facts.epoch || seed === facts.seed)
    if (!same)
      throw new ServiceError('CHAIN_MISMATCH', 'the database was filled from another chain or ledger', {
        details: { epoch, expected: { ...domain, seed: facts.seed }, found: { chainId, ledger, seed } },
      })
  }
}

/** What the store knows of the ledger, and of the seed of one epoch; `undefined` for an epoch that it never ran. */
export async function epochAt(
  db: Kysely<Tables>,
  epoch: bigint,
): Promise<(SigningDomain & { readonly seed: bigint }) | undefined> {
  const found = await db.selectFrom('epoch').selectAll().where('epoch', '=', `${epoch}`).executeTakeFirst()
  if (!found) return undefined
  const { chain_id: chainId, ledger, seed } = Row.parse(found)
  return { chainId, ledger, seed }
}
