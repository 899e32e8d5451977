import { expect } from 'chai'
import type { FlowRow, NumberedRow } from '../../src/cli/flow/csv.ts'
import { DEFAULT_PACE, forecast, span } from '../../src/cli/flow/forecast.ts'
import { DEFAULT_RULES, lotsOf, orderOfRow, segmentOf, selectOrders } from '../../src/cli/flow/orders.ts'

const row = (timestamp_ms: number, size = 100): FlowRow => ({ timestamp_ms, side: 'buy', size })

async function* rows(...times: number[]): AsyncGenerator<NumberedRow> {
  for (const [i, time] of times.entries()) yield { ...row(time), line: i + 2 }
}

describe('orders of a tape', () => {
  it('rounds lots up and makes at least one', () => {
    expect([1, 25, 26, 0.001, 10_000].map((size) => lotsOf({ size }, DEFAULT_RULES))).to.deep.equal([1, 1, 2, 1, 400])
  })

  it('draws the line between segments at the threshold', () => {
    expect([399, 400].map((lots) => segmentOf(lots, DEFAULT_RULES))).to.deep.equal(['retail', 'institutional'])
  })

  it('gives every order details of its own', () => {
    const [one, two] = [orderOfRow(row(1), DEFAULT_RULES), orderOfRow(row(1), DEFAULT_RULES)]
    expect(one.details).to.match(/^0x[0-9a-f]{64}$/)
    expect(one.details).not.to.equal(two.details)
  })

  it('selects from a time, before a time, and so many', async () => {
    const times = async (selection: object): Promise<number[]> =>
      (await selectOrders(rows(1, 2, 3, 4), selection, DEFAULT_RULES)).map(({ atMs }) => atMs)
    expect(await times({})).to.deep.equal([1, 2, 3, 4])
    expect(await times({ from: 2, to: 4 })).to.deep.equal([2, 3])
    expect(await times({ from: 2, limit: 1 })).to.deep.equal([2])
  })
})

describe('forecast', () => {
  const orders = (...times: number[]) => times.map((time) => orderOfRow(row(time), DEFAULT_RULES))

  it('counts full batches and batches that grow old', () => {
    expect(forecast(orders(...new Array<number>(17).fill(0)), 1).batches).to.equal(3)
    expect(forecast(orders(0, 499, 500, 5000), 1).batches).to.equal(3)
    expect(forecast(orders(0, 499, 500, 5000), 100).batches).to.equal(1)
    expect(forecast([], 1).batches).to.equal(0)
  })

  it('takes the slower of sending and proving', () => {
    const { sendS, totalS } = forecast(orders(0, 10_000), 1)
    expect([sendS, totalS]).to.deep.equal([10, 10])
    expect(forecast(orders(0, 10_000), 10).totalS).to.equal((2 * DEFAULT_PACE.proofMs) / 1000)
  })

  it('says spans as people do', () => {
    expect([0, 119.4, 150, 7260].map(span)).to.deep.equal(['0 s', '119 s', '2 min 30 s', '2 h 1 min'])
  })
})
