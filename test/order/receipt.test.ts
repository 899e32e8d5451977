import { expect } from 'chai'
import { TypedDataEncoder, Wallet } from 'ethers'
import fc from 'fast-check'
import { domainSeparator, signerOf, typedDomain } from '../../src/order/domain.ts'
import { contradiction, type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { catchError } from '../helpers/catch-error.ts'

const DOMAIN = { chainId: 31337n, ledger: '0x1111111111111111111111111111111111111111' }
const TYPES = {
  Receipt: ['epoch:uint64', 'batch:uint64', 'slot:uint16', 'commitment:uint256', 'assignment:uint8', 'time:uint64'].map(
    (field) => {
      const [name = '', type = ''] = field.split(':')
      return { name, type }
    },
  ),
}
const receipt: Receipt = { epoch: 1n, batch: 4n, slot: 1, commitment: 7n, assignment: 3, time: 100n }
const batch = { epoch: 1n, index: 4n, time: 90n, commitments: [6n, 7n], assignments: [0, 3] }

describe('receipt', () => {
  it("hashes to what ethers' encoder says, for any values", () => {
    const uint = (bits: number) => fc.bigInt(0n, 2n ** BigInt(bits) - 1n)
    fc.assert(
      fc.property(
        uint(64),
        uint(64),
        fc.nat(65_535),
        uint(253),
        fc.nat(255),
        uint(64),
        (epoch, index, slot, commitment, assignment, time) => {
          const fields = { epoch, batch: index, slot, commitment, assignment, time }
          expect(receiptDigest(domainSeparator(DOMAIN), fields)).to.equal(
            TypedDataEncoder.hash(typedDomain(DOMAIN), TYPES, fields),
          )
        },
      ),
    )
  })

  it('does not wrap a value that is too wide into another receipt', async () => {
    const error = await catchError(() => receiptDigest(domainSeparator(DOMAIN), { ...receipt, slot: 65_536 }))
    expect(error.code).to.equal('OUT_OF_RANGE')
  })

  it('is tied to its ledger and chain', () => {
    const wallet = Wallet.createRandom()
    const signature = wallet.signingKey.sign(receiptDigest(domainSeparator(DOMAIN), receipt)).serialized
    const elsewhere = domainSeparator({ ...DOMAIN, chainId: 1n })
    expect(signerOf(receiptDigest(domainSeparator(DOMAIN), receipt), signature)).to.equal(wallet.address)
    expect(signerOf(receiptDigest(elsewhere, receipt), signature)).not.to.equal(wallet.address)
  })

  it('a signature has one spelling: v is 27 or 28, nothing that means the same', () => {
    const wallet = Wallet.createRandom()
    const digest = receiptDigest(domainSeparator(DOMAIN), receipt)
    const { serialized } = wallet.signingKey.sign(digest)
    for (const v of ['00', '01', '25', '3b', 'ff'])
      expect(signerOf(digest, serialized.slice(0, -2) + v)).to.equal(undefined)
    expect(signerOf(digest, `${serialized}00`)).to.equal(undefined)
  })

  it('malformed signatures have no signer', () => {
    for (const signature of ['0x', '0x00', `0x${'ff'.repeat(65)}`, 'x']) {
      expect(signerOf(receiptDigest(domainSeparator(DOMAIN), receipt), signature)).to.equal(undefined)
    }
  })

  it('is kept by the batch that says the same', () => {
    expect(contradiction(receipt, batch)).to.equal(undefined)
    expect(contradiction({ ...receipt, assignment: 255 }, batch)).to.equal(undefined)
  })

  const changes: [string, Partial<Receipt>][] = [
    ['epoch', { epoch: 2n }],
    ['slot', { slot: 2 }],
    ['commitment', { commitment: 8n }],
    ['assignment', { assignment: 2 }],
    ['time', { time: 89n }],
  ]
  for (const [field, change] of changes) {
    it(`is contradicted by another ${field}`, () => {
      expect(contradiction({ ...receipt, ...change }, batch)).to.equal(field)
    })
  }
})
