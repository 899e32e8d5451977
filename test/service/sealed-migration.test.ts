import { expect } from 'chai'
import { sql } from 'kysely'
import { openPGlite } from '../../src/service/store/database.ts'
import { batchAt, entriesFor } from '../../src/service/store/lane-reads.ts'
import { sealed } from '../../src/service/store/migrations/0010-sealed.ts'

/** Takes 0010 back by hand. */
const UNDO = [
  `drop index entry_accepted_once`,
  `alter table entry drop column outcome`,
  `alter table batch drop column seed, drop column seal_hash, drop column seal_signature,
    alter column before set not null, alter column blind_before set not null, alter column state_before set not null`,
  `create unique index entry_accepted_once on entry (commitment) where assignment > 0 and not void`,
]

describe('a store from before sealed mode', () => {
  it('has its batches’ seeds, and each accepted order once', async () => {
    const { db, close } = await openPGlite()
    try {
      for (const statement of UNDO) await sql.raw(statement).execute(db)
      await sql
        .raw(
          `insert into epoch values (7, 0, 1, 'l', 1, 77, 's', 1, '[]', '[]', '[]');
           insert into batch (index, epoch, state, circuit, time, elapsed, order_counter, before, blind_before, state_before, served, counters, count, deferred)
             values (0, 7, 'open', 'c', 1, 1, 0, '["1"]', 2, 3, '["4"]', '["5"]', 1, 0);
           insert into entry (epoch, batch, slot, commitment, assignment, time, key_id) values (7, 0, 0, 9, 2, 1, 'k')`,
        )
        .execute(db)
      await sealed.up(db)
      const batch = await batchAt(db, 0n)
      expect(batch?.basis).to.deep.include({ seed: 77n, blindBefore: 2n, stateBefore: 3n })
      const [entry] = await entriesFor(db, 9n)
      expect(entry).to.deep.include({ assignment: 2 }).and.not.to.have.property('outcome')
      const again = sql`insert into entry (epoch, batch, slot, commitment, assignment, time, key_id) values (7, 0, 1, 9, 1, 1, 'k')`
      const refused = await again.execute(db).catch(({ code }: { code: string }) => code)
      expect(refused).to.equal('23505')
    } finally {
      await close()
    }
  })
})
