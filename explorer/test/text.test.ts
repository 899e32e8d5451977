import { expect } from 'chai'
import { routeOf } from '../data/route.ts'
import { counted, durationText, shortened } from '../data/text.ts'
import { Settings } from '../wire/settings.ts'

describe('explorer: addresses and words', () => {
  it('reads addresses, odd ones too', () => {
    expect(routeOf('')).to.deep.equal({ page: '', rest: '' })
    expect(routeOf('#/batches/7')).to.deep.equal({ page: 'batches', rest: '7' })
    expect(routeOf('#/orders/a%20b/c')).to.deep.equal({ page: 'orders', rest: 'a b/c' })
    expect(routeOf('#/orders/%')).to.deep.equal({ page: 'orders', rest: '%' })
  })

  it('writes durations in their largest whole unit', () => {
    expect(['0', '1', '90', '120', '3600', '172800'].map((s) => durationText(BigInt(s)))).to.deep.equal([
      '0 seconds',
      '1 second',
      '90 seconds',
      '2 minutes',
      '1 hour',
      '2 days',
    ])
    expect(counted(1, 'batch', 'batches')).to.equal('1 batch')
  })

  it('shortens long texts alone', () => {
    expect(shortened('0x1234567890abcdef', 6)).to.equal('0x123456…abcdef')
    expect(shortened('12345')).to.equal('12345')
  })

  it('takes sources of http and https, and nothing else', () => {
    const settings = { service: '', rpc: '', ledger: '', fromBlock: 0 }
    const fits = (change: object) => Settings.safeParse({ ...settings, ...change }).success
    expect(fits({})).to.equal(true)
    expect(fits({ rpc: 'https://rpc.example/key' })).to.equal(true)
    for (const change of [
      { rpc: 'javascript:alert(1)' },
      { service: 'ftp://x' },
      { ledger: '0x12' },
      { fromBlock: -1 },
      { more: 1 },
    ])
      expect(fits(change), JSON.stringify(change)).to.equal(false)
  })
})
