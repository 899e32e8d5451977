import { expect } from 'chai'
import { type Actor, assertTransition, isLegal } from '../../src/service/batch-state.ts'
import { BATCH_STATES, type BatchState } from '../../src/statement/batch-state.ts'
import { catchError } from '../helpers/catch-error.ts'

const ACTORS: readonly Actor[] = ['router', 'prover', 'submitter', 'watcher', 'operator']

describe('batch state machine', () => {
  it('has exactly these transitions', () => {
    const legal = BATCH_STATES.flatMap((from) =>
      BATCH_STATES.flatMap((to) =>
        ACTORS.filter((by) => isLegal(from, to, by)).map((by) => `${from} -> ${to} by ${by}`),
      ),
    )
    expect(legal).to.deep.equal([
      'open -> sealed by router',
      'open -> closed by router',
      'open -> quarantined by router',
      'open -> abandoned by watcher',
      'sealed -> closed by router',
      'sealed -> quarantined by router',
      'sealed -> abandoned by watcher',
      'closed -> proven by submitter',
      'closed -> quarantined by router',
      'closed -> quarantined by prover',
      'closed -> quarantined by submitter',
      'closed -> abandoned by watcher',
      'proven -> sent by submitter',
      'proven -> quarantined by submitter',
      'proven -> abandoned by watcher',
      'sent -> proven by watcher',
      'sent -> accepted by watcher',
      'sent -> abandoned by watcher',
      'accepted -> proven by watcher',
      'accepted -> final by watcher',
      'quarantined -> sealed by operator',
      'quarantined -> closed by operator',
      'quarantined -> abandoned by watcher',
    ])
  })

  const illegal: readonly (readonly [BatchState, BatchState, Actor])[] = [
    ['final', 'proven', 'watcher'],
    ['open', 'proven', 'submitter'],
    ['sealed', 'proven', 'submitter'],
    ['quarantined', 'closed', 'router'],
    ['abandoned', 'closed', 'operator'],
    ['accepted', 'sent', 'submitter'],
  ]
  for (const [from, to, by] of illegal) {
    it(`refuses ${from} -> ${to} by the ${by}`, async () => {
      const error = await catchError(() => assertTransition(from, to, by))
      expect(error).to.deep.include({ code: 'BATCH_TRANSITION_ILLEGAL', details: { from, to, by } })
    })
  }
})
