import { expect } from 'chai'
import { ChainError } from '../../src/chain/error.ts'
import { SendingTurn } from '../../src/chain/sending-turn.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('a turn to send', () => {
  it('is given to one after the other, and goes on when one fails', async () => {
    const turn = new SendingTurn()
    const told: string[] = []
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = turn.take(async () => {
      told.push('first begins')
      await held
      told.push('first ends')
    })
    const failing = catchError(() => turn.take(() => Promise.reject(new ChainError('TRANSACTION_REFUSED', 'no'))))
    const last = turn.take(async () => told.push('last'))
    await Promise.resolve()
    expect(told).to.deep.equal(['first begins'])
    release()
    await Promise.all([first, last])
    expect((await failing).code).to.equal('TRANSACTION_REFUSED')
    expect(told).to.deep.equal(['first begins', 'first ends', 'last'])
  })
})
