import { expect } from 'chai'
import type { PolicyRecord } from '../../src/audit/records.ts'
import { retuneFault } from '../../src/audit/retune-band.ts'

/** A policy of one shard. @param rest everything above the weights. */
const policy = (retail: bigint, institutional: bigint, rest = 77n, accounts = '0x11'): PolicyRecord => ({
  feeWord: 5n,
  words: [retail | (institutional << 12n) | (rest << 24n)],
  settlements: [accounts],
  reportSigners: ['0x22'],
})

describe('retuneFault', () => {
  const base = policy(256n, 100n)
  const fault = (current: PolicyRecord, next: PolicyRecord) => retuneFault(base, current, next)

  it('lets a weight go a 16th a step, and at least 1, as the contract does', () => {
    expect(fault(base, policy(272n, 100n))).to.equal(undefined)
    expect(fault(base, policy(273n, 100n))).to.match(/jumps/)
    expect(fault(base, policy(256n, 106n))).to.equal(undefined)
    expect(fault(base, policy(256n, 107n))).to.match(/institutional weight jumps to 107/)
    const small = policy(8n, 8n)
    expect(retuneFault(small, small, policy(9n, 8n))).to.equal(undefined)
  })

  it('keeps a weight within a quarter of the timelocked one, however many steps', () => {
    expect(fault(policy(310n, 100n), policy(320n, 100n))).to.equal(undefined)
    expect(fault(policy(320n, 100n), policy(321n, 100n))).to.match(/leaves the band/)
    expect(fault(policy(192n, 100n), policy(191n, 100n))).to.match(/leaves the band/)
  })

  it('keeps a weight of 0 at 0', () => {
    const closed = policy(0n, 100n)
    expect(retuneFault(closed, closed, policy(1n, 100n))).to.match(/leaves the band/)
  })

  it('lets nothing but weights change', () => {
    expect(fault(base, policy(256n, 100n, 78n))).to.match(/more than the weights/)
    expect(fault(base, policy(256n, 100n, 77n, '0x12'))).to.match(/more than the weights/)
    expect(fault(base, { ...base, feeWord: 6n })).to.match(/more than the weights/)
    expect(fault(base, { ...base, words: [] })).to.match(/more than the weights/)
  })
})
