import { expect } from 'chai'
import { SigningKey } from 'ethers'
import fc from 'fast-check'
import { jsonText } from '../../src/base/json.ts'
import { hex32 } from '../../src/base/keccak.ts'
import type { VerifiedReceipt } from '../../src/client/client.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { receiptDigest } from '../../src/order/receipt.ts'
import { catchError } from '../helpers/catch-error.ts'
import { element } from '../helpers/fixtures.ts'
import { useWorld } from '../http/world.ts'
import { accept, bending, ChainDouble, clientOf, DOMAIN, fresh, signed } from './setting.ts'

/** A bent answer to one order: its code and what the error says was wrong. */
type Wire = Record<string, unknown>
const onWire = (receipt: object): Wire => JSON.parse(jsonText(receipt))

describe('client: a service that lies', () => {
  const world = useWorld()

  describe('about receipts', () => {
    const forge = async (bend: (result: { status: string; receipt: Wire }) => unknown) => {
      const fetch = bending(/orders$/, ({ results: [result] }) => ({ results: [bend(result) ?? result] }))
      const client = clientOf(world(), { fetch })
      const error = await catchError(async () => client.place(await fresh(client)))
      return [error.code, error.details.reason]
    }

    it('is caught when any field of a receipt is not the signed one', async () => {
      const changes: fc.Arbitrary<Wire> = fc.oneof(
        fc.bigInt(0n, 2n ** 64n - 1n).map((batch) => ({ batch: `${batch}` })),
        fc.nat(65_535).map((slot) => ({ slot })),
        // 0 and 255 do not go with the status, which is said first.
        fc.integer({ min: 1, max: 254 }).map((assignment) => ({ assignment })),
        fc.bigInt(0n, 2n ** 64n - 1n).map((time) => ({ time: `${time}` })),
      )
      await fc.assert(
        fc.asyncProperty(changes, async (change) => {
          let changed = false
          const [code, reason] = await forge((result) => {
            const [name = '', value] = Object.entries(change)[0] ?? []
            changed = result.receipt[name] !== value
            return {
              ...result,
              receipt: { ...result.receipt, ...change, ...(!changed && { signature: `0x${'00'.repeat(65)}` }) },
            }
          })
          expect([code, reason]).to.deep.equal(['RECEIPT_FORGED', 'signature'])
        }),
        { numRuns: 25 },
      )
    })

    it('is caught when another key signed', async () => {
      const other = new SigningKey(hex32(element(99)))
      expect(
        await forge(({ status, receipt: { signature: _, ...receipt } }) => {
          const fields = {
            epoch: 1n,
            batch: BigInt(`${receipt.batch}`),
            slot: Number(receipt.slot),
            time: BigInt(`${receipt.time}`),
          }
          const message = {
            ...fields,
            commitment: BigInt(`${receipt.commitment}`),
            assignment: Number(receipt.assignment),
          }
          const { serialized } = other.sign(receiptDigest(domainSeparator(DOMAIN), message))
          return { status, commitment: receipt.commitment, receipt: { ...receipt, signature: serialized } }
        }),
      ).to.deep.equal(['RECEIPT_FORGED', 'signature'])
    })

    it("is caught when it gives another order's receipt", async () => {
      const client = clientOf(world())
      const { receipt } = await client.place(await fresh(client))
      const { verifiedBy: _, ...foreign } = receipt
      expect(await forge((result) => ({ ...result, receipt: onWire(foreign) }))).to.deep.equal([
        'RECEIPT_FORGED',
        'commitment',
      ])
    })

    it('is caught when its word is not what it signed', async () => {
      expect(await forge((result) => ({ ...result, status: 'deferred' }))).to.deep.equal(['RECEIPT_FORGED', 'status'])
    })

    it('is caught when it signs for an epoch that the ledger does not know', async () => {
      for (const epoch of [0, 2]) {
        expect(
          await forge(({ receipt, ...rest }) => ({ ...rest, receipt: { ...receipt, epoch: `${epoch}` } })),
        ).to.deep.equal(['RECEIPT_FORGED', 'epoch'])
      }
    })

    it('is caught when the receipt that is said to stand is forged', async () => {
      const client = clientOf(world())
      const order = await fresh(client)
      await client.place(order)
      const fetch = bending(/orders$/, ({ results: [result] }) => {
        result.refusal.receipt.slot += 1
      })
      expect((await catchError(() => clientOf(world(), { fetch }).place(order))).code).to.equal('RECEIPT_FORGED')
    })

    it('is caught when the status of an order brings a forged one', async () => {
      const client = clientOf(world())
      const { commitment } = await client.place(await fresh(client))
      const fetch = bending(/orders\/\d+$/, ({ entries: [entry] }) => {
        entry.receipt.time = '1'
      })
      const lied = clientOf(world(), { fetch })
      expect((await catchError(() => lied.order(commitment))).code).to.equal('RECEIPT_FORGED')
      expect((await catchError(() => lied.waitFor(commitment, { state: 'open' }))).code).to.equal('RECEIPT_FORGED')
    })
  })

  describe('about inclusion', () => {
    let receipt: VerifiedReceipt
    let neighbour: VerifiedReceipt
    before(async () => {
      const client = clientOf(world())
      await accept(world())
      // The fifth one lies in another leaf than the first.
      const orders = await Promise.all([1, 2, 3, 4, 5].map(() => fresh(client)))
      const placed = await Promise.all(
        (await client.placeMany(orders)).map(async (p) => p.status !== 'refused' && p.receipt),
      )
      const [first, , , , last] = placed
      if (!first || !last) expect.fail('an order was refused')
      receipt = first
      neighbour = last
      await accept(world())
    })

    const check = async (path: RegExp, bend: Parameters<typeof bending>[1], about = receipt) => {
      const error = await catchError(() => clientOf(world(), { fetch: bending(path, bend) }).checkInclusion(about))
      return [error.code, error.details.part ?? error.details.by]
    }
    const [STATUS, BUNDLE] = [/orders\/\d+$/, /batches\/\d+$/]

    it("is caught when the path is another order's", async () => {
      const { entries } = (await world().service.orderStatus(neighbour.commitment)) ?? expect.fail('unknown')
      expect(
        await check(STATUS, ({ entries: [entry] }) => {
          entry.inclusion.path = entries[0]?.inclusion?.path
        }),
      ).to.deep.equal(['INCLUSION_FORGED', 'path'])
    })

    it('is caught when the path is longer or shorter than the tree', async () => {
      const lengthen = ({ entries: [entry] }: { entries: [{ inclusion: { path: string[] } }] }) => {
        entry.inclusion.path.push(hex32(0n))
      }
      expect(await check(STATUS, lengthen)).to.deep.equal(['INCLUSION_FORGED', 'path'])
      expect(await check(STATUS, ({ entries: [entry] }) => void entry.inclusion.path.pop())).to.deep.equal([
        'INCLUSION_FORGED',
        'path',
      ])
    })

    it('is caught when any part of the record is bent', async () => {
      for (const part of ['orderRoot', 'statementHash', 'head', 'terms'])
        expect(await check(BUNDLE, (bundle) => ({ ...bundle, [part]: hex32(9n) })), part).to.deep.equal([
          'INCLUSION_FORGED',
          'record',
        ])
    })

    it('is caught when fees, flags or time are not those of the record', async () => {
      for (const change of [{ time: '1' }, { fees: ['2', '1', '1', '1'] }, { open: [true, true, true, false] }])
        expect(
          await check(BUNDLE, (bundle) => ({ ...bundle, statement: { ...bundle.statement, ...change } })),
        ).to.deep.equal(['INCLUSION_FORGED', 'terms'])
    })

    it('is caught when it shows another assignment, or another order in the slot', async () => {
      for (const name of ['assignments', 'commitments']) {
        const bend = ({ statement }: { statement: Record<string, unknown[]> }) => void statement[name]?.reverse()
        expect(await check(BUNDLE, bend), name).to.deep.equal(['INCLUSION_FORGED', 'path'])
      }
    })

    it('is caught when the chain lacks the record, or has another', async () => {
      for (const [record, code] of [
        [undefined, 'NOT_ACCEPTED'],
        [hex32(1n), 'INCLUSION_FORGED'],
      ] as const) {
        const reader = new ChainDouble(world().service)
        reader.forged.set(receipt.batch, record)
        const client = clientOf(world(), { trust: { from: 'chain', reader } })
        for (const from of ['service', 'chain'] as const)
          expect((await catchError(() => client.checkInclusion(receipt, { from }))).code, from).to.equal(code)
      }
    })

    it('cannot hide a batch: the chain opens it too', async () => {
      const withhold = ({ statement: _, ...bundle }: Wire) => bundle
      expect((await check(BUNDLE, withhold))[0]).to.equal('INCLUSION_MISSING')
      const client = clientOf(world(), { fetch: async () => Response.error() })
      expect(await client.checkInclusion(receipt, { from: 'chain' })).to.have.property('shard', receipt.assignment - 1)
    })

    it('is convicted by its own receipt when the chain says otherwise', async () => {
      const client = clientOf(world())
      const otherwise: [string, Partial<VerifiedReceipt>][] = [
        ['commitment', { commitment: neighbour.commitment, slot: 2 }],
        ['assignment', { assignment: (receipt.assignment % 4) + 1 }],
        ['time', { time: 1n }],
      ]
      for (const [by, change] of otherwise) {
        const promise = { ...signed({ ...receipt, ...change }), verifiedBy: 'chain' } as const
        for (const from of ['service', 'chain'] as const) {
          if (by === 'commitment' && from === 'service') continue
          const error = await catchError(() => client.checkInclusion(promise, { from }))
          expect([error.code, error.details.by]).to.deep.equal(['RECEIPT_CONTRADICTED', by])
        }
      }
      const beyond = { ...signed({ ...receipt, slot: 60 }), verifiedBy: 'chain' } as const
      const error = await catchError(() => client.checkInclusion(beyond, { from: 'chain' }))
      expect([error.code, error.details.by]).to.deep.equal(['RECEIPT_CONTRADICTED', 'slot'])
    })

    it("is convicted when the batch is another epoch's", async () => {
      const reader = new ChainDouble(world().service)
      reader.firstBatches = [0n, receipt.batch]
      const client = clientOf(world(), { trust: { from: 'chain', reader } })
      const error = await catchError(() => client.checkInclusion(receipt))
      expect([error.code, error.details.by]).to.deep.equal(['RECEIPT_CONTRADICTED', 'epoch'])
    })
  })
})
