import { expect } from 'chai'
import fc from 'fast-check'
import { hex32 } from '../../src/base/keccak.ts'
import { detailsOf } from '../../src/order/details.ts'
import { commitmentOf, Order } from '../../src/order/order.ts'
import { element, orderFixture } from '../helpers/fixtures.ts'

const wire = { size: 5, side: 'buy', segment: 'retail', details: '1' }

describe('order', () => {
  for (const [what, change] of Object.entries({
    'size 0': { size: 0 },
    'size 2^32': { size: 2 ** 32 },
    'a fraction of a lot': { size: 1.5 },
    'a size as text': { size: '5' },
    'an unknown side': { side: 'hold' },
    'details at p': { details: '21888242871839275222246405745257275088548364400416034343698204186575808495617' },
    'a field that nobody knows': { note: 'x' },
  })) {
    it(`is refused with ${what}`, () => {
      expect(Order.safeParse({ ...wire, ...change }).success).to.equal(false)
    })
  }

  it('its commitment binds every field', () => {
    const order = orderFixture(1)
    const others: Order[] = [
      { ...order, size: order.size + 1 },
      { ...order, side: order.side === 'buy' ? 'sell' : 'buy' },
      { ...order, segment: order.segment === 'retail' ? 'institutional' : 'retail' },
      { ...order, details: order.details + 1n },
    ]
    expect(new Set([order, ...others].map(commitmentOf)).size).to.equal(5)
  })

  it('details are a field element that depends on chain, ledger and every term', () => {
    const domain = { chainId: 31337n, ledger: '0x1111111111111111111111111111111111111111' }
    const terms = {
      account: domain.ledger,
      market: hex32(1n),
      price: 1n,
      expiry: 2n,
      nonce: 3n,
      timeInForce: 0,
      maxFee: 4n,
      salt: hex32(5n),
    }
    const digests = [
      detailsOf(domain, terms),
      detailsOf({ ...domain, chainId: 1n }, terms),
      detailsOf({ ...domain, ledger: '0x2222222222222222222222222222222222222222' }, terms),
      ...(['price', 'expiry', 'nonce', 'maxFee'] as const).map((name) => detailsOf(domain, { ...terms, [name]: 9n })),
      detailsOf(domain, { ...terms, salt: hex32(element(1)) }),
    ]
    expect(new Set(digests).size).to.equal(digests.length)
  })

  it('parsing keeps what it was given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), (size) => {
        expect(Order.parse({ ...wire, size })).to.deep.equal({ ...wire, size, details: 1n })
      }),
    )
  })
})
