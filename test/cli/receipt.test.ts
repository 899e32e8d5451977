import { expect } from 'chai'
import { computeAddress, SigningKey } from 'ethers'
import { FIELD_MODULUS, modField } from '../../src/base/field.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { checkReceipt } from '../../src/cli/order/check-receipt.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { receiptDigest } from '../../src/order/receipt.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const KEY = new SigningKey(hex32(5n))
const DOMAIN = { chainId: 31337n, ledger: '0x1111111111111111111111111111111111111111' }
const ORDER = { size: 5, side: 'buy', segment: 'retail', details: `0x${'ff'.repeat(32)}` } as const

/** What the service answers, signed over the fields given. */
function answer(change: { assignment?: number; commitment?: bigint } = {}) {
  const commitment = change.commitment ?? commitmentOf({ ...ORDER, details: modField(BigInt(ORDER.details)) })
  const receipt = { epoch: 1n, batch: 2n, slot: 3, commitment, assignment: change.assignment ?? 1, time: 4n }
  const { signature, ...wire } = {
    signature: KEY.sign(receiptDigest(domainSeparator(DOMAIN), receipt)).serialized,
    epoch: '1',
    batch: '2',
    slot: 3,
    commitment: `${commitment}`,
    assignment: receipt.assignment,
    time: '4',
  }
  return {
    status: 'accepted' as 'accepted' | 'deferred' | 'sealed',
    commitment: `${commitment}`,
    receipt: { ...wire, signature },
  }
}

function policy(signer = computeAddress(KEY)) {
  const { shards, kind } = policyFixture(4)
  const ticks = shards.map(({ weights, tau, limit, trip, reset, skew, target, reporting }) => ({
    weights: weights.map(String) as [string, string],
    tau: `${tau}`,
    limit: `${limit}`,
    trip: `${trip}`,
    reset: `${reset}`,
    skew: `${skew}`,
    target: `${target}`,
    reporting,
  }))
  return {
    epoch: '1',
    policy: { kind, feeMin: '1', feeMax: '2', shards: ticks, settlements: [], reportSigners: [] },
    multipliers: [256, 256, 256, 256],
    weights: ticks.map(({ weights }) => weights),
    policyHash: '',
    chainId: '31337',
    ledger: DOMAIN.ledger,
    signer,
    keyCommit: '1',
    seed: '1',
    sealedMode: false,
    largestSize: { retail: 1, institutional: 1 },
  }
}

describe('checkReceipt', () => {
  it('finds nothing wrong with a good receipt, hex details being reduced', () => {
    expect(BigInt(ORDER.details) > FIELD_MODULUS).to.equal(true)
    expect(checkReceipt(ORDER, answer(), policy())).to.deep.equal([])
  })

  it('refuses a receipt about another order', () => {
    expect(checkReceipt({ ...ORDER, size: 6 }, answer(), policy())).to.have.length(1)
    expect(checkReceipt({ ...ORDER, segment: 'institutional' }, answer(), policy())).to.have.length(1)
  })

  it('refuses a signature that is not over these fields, this ledger, or by this signer', () => {
    const good = answer()
    expect(checkReceipt(ORDER, { ...good, receipt: { ...good.receipt, slot: 4 } }, policy())).to.have.length(1)
    expect(checkReceipt(ORDER, good, { ...policy(), chainId: '1' })).to.have.length(1)
    expect(checkReceipt(ORDER, good, policy(DOMAIN.ledger))).to.have.length(1)
  })

  it('refuses an outcome that differs from the receipt, and a shard that does not exist', () => {
    expect(checkReceipt(ORDER, { ...answer(), status: 'deferred' }, policy())).to.have.length(1)
    expect(checkReceipt(ORDER, answer({ assignment: 5 }), policy())).to.have.length(1)
    expect(checkReceipt(ORDER, answer({ assignment: 255 }), policy())).to.have.length(1)
    expect(checkReceipt(ORDER, { ...answer(), status: 'sealed' }, policy())).to.have.length(1)
  })

  it('takes a sealed receipt for the place that it promises', () => {
    expect(checkReceipt(ORDER, { ...answer({ assignment: 255 }), status: 'sealed' }, policy())).to.deep.equal([])
  })
})
