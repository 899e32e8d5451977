import { expect } from 'chai'
import fc from 'fast-check'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { backoffMs } from '../../src/client/backoff.ts'
import { orderFromJson, orderToJson, randomDetails } from '../../src/client/client.ts'
import { prepareOrder } from '../../src/client/prepare.ts'
import { detailsOf } from '../../src/order/details.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { catchError } from '../helpers/catch-error.ts'
import { DOMAIN } from './setting.ts'

const uint = (bits: number) => fc.bigInt(0n, 2n ** BigInt(bits) - 1n)
const hex = (digits: number) =>
  fc.bigInt(0n, 16n ** BigInt(digits) - 1n).map((n) => `0x${n.toString(16).padStart(digits, '0')}`)
const terms = fc.record({
  account: hex(40),
  market: hex(64),
  price: uint(256),
  expiry: uint(64),
  nonce: uint(64),
  timeInForce: fc.integer({ min: 0, max: 2 }),
  maxFee: uint(256),
})
const ordered = fc.record({
  size: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  terms,
})
const SEGMENTS = fc.constantFrom('retail' as const, 'institutional' as const)

describe('client: making orders', () => {
  it('commits to terms that only their owner can open', () => {
    fc.assert(
      fc.property(ordered, SEGMENTS, (order, segment) => {
        const [made, again] = [prepareOrder(order, segment, DOMAIN), prepareOrder(order, segment, DOMAIN)]
        expect(made.terms && detailsOf(DOMAIN, made.terms)).to.equal(made.details)
        expect([made.commitment, made.segment]).to.deep.equal([commitmentOf(made), segment])
        expect(again.terms?.salt).to.not.equal(made.terms?.salt)
        expect(again.commitment).to.not.equal(made.commitment)
      }),
      { numRuns: 30 },
    )
  })

  it('keeps an order as text and reads it back', () => {
    fc.assert(
      fc.property(ordered, SEGMENTS, (order, segment) => {
        const made = prepareOrder(order, segment, DOMAIN)
        expect(orderFromJson(orderToJson(made))).to.deep.equal(made)
      }),
      { numRuns: 30 },
    )
  })

  it('refuses a kept order that was bent, and text that is none', async () => {
    const made = prepareOrder({ size: 5, side: 'buy', details: randomDetails() }, 'retail', DOMAIN)
    expect(orderFromJson(orderToJson(made))).to.deep.equal(made)
    for (const bent of [{ size: 6 }, { side: 'sell' }, { segment: 'institutional' }, { details: '1' }, { extra: 1 }]) {
      const text = JSON.stringify({ ...JSON.parse(orderToJson(made)), ...bent })
      expect((await catchError(() => orderFromJson(text))).code, JSON.stringify(bent)).to.equal('ORDER_INVALID')
    }
    expect((await catchError(() => orderFromJson('{'))).code).to.equal('ORDER_INVALID')
  })

  it('names the fields that do not fit, and no value', async () => {
    const [good] = fc.sample(ordered, 1)
    if (!good) expect.fail('no sample')
    const bad = { ...good.terms, price: -424242n, timeInForce: 3 }
    const error = await catchError(() => prepareOrder({ ...good, terms: bad }, 'retail', DOMAIN))
    expect([error.code, error.details.fields]).to.deep.equal(['ORDER_INVALID', ['price', 'timeInForce']])
    expect(error.message).to.not.include('424242')
    for (const size of [0, 2 ** 32, 1.5])
      expect((await catchError(() => prepareOrder({ ...good, size }, 'retail', DOMAIN))).details.fields).to.deep.equal([
        'size',
      ])
    const outside = { size: 1, side: 'buy', details: FIELD_MODULUS } as const
    expect((await catchError(() => prepareOrder(outside, 'retail', DOMAIN))).code).to.equal('ORDER_INVALID')
  })
})

describe('client: pauses between tries', () => {
  it('lie between what the service asked for and the doubled, capped base on top', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(60_000),
        fc.nat(40),
        fc.nat(10_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (baseMs, capMs, attempt, askedMs, random) => {
          const pause = backoffMs({ baseMs, capMs }, attempt, askedMs, random)
          expect(pause).to.be.at.least(askedMs)
          expect(pause).to.be.at.most(askedMs + Math.min(capMs, baseMs * 2 ** attempt))
        },
      ),
    )
    expect(backoffMs({ baseMs: 100, capMs: 1000 }, 2, 0, 0.5)).to.equal(200)
    expect(backoffMs({ baseMs: 100, capMs: 1000 }, 9, 50, 0.5)).to.equal(550)
  })
})
