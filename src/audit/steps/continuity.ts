import { genesisStates, stateHash } from '../../route/state.ts'
import { counterWords } from '../../statement/record.ts'
import { equal, holds } from '../check.ts'
import type { LedgerConfig } from '../records.ts'
import type { ArrivedBatch, ChecksOf } from '../step.ts'

/** Microseconds in a second of a block's time. */
const SECOND = 1_000_000n

/** The ledger begins where the protocol says, and each batch goes on from the last one: index, state, time, order counter, service counters. */
export const continuity = {
  *ledger({ config }: { config: Pick<LedgerConfig, 'shards' | 'genesisState'> }): ChecksOf<'continuity'> {
    yield equal('genesis-state', {}, stateHash(0n, genesisStates(config.shards)), config.genesisState)
  },

  *batch({ config, before, batch }: Pick<ArrivedBatch, 'config' | 'before' | 'batch'>): ChecksOf<'continuity'> {
    const place = { batch: batch.index }
    yield equal('batch-index', place, before.nextIndex, batch.index)
    const { previous, time } = batch.submission
    for (const field of ['epoch', 'nextIndex', 'state', 'time', 'orderCounter'] as const) {
      yield equal('previous-head', { ...place, at: field }, before[field], previous[field])
    }
    const counters = counterWords(before.counters)
    yield equal('previous-head', { ...place, at: 'counters' }, `${counters}`, `${previous.counters}`)
    // Before the first batch the last time is 0, so that any time is late enough.
    const earliest = before.time + config.minInterval
    const latest = (batch.blockTime + 1n) * SECOND
    yield holds('batch-time', place, time >= earliest && time <= latest, `${earliest} … ${latest}`, time)
  },
}
