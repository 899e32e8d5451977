import { expect } from 'chai'
import { computeAddress, SigningKey } from 'ethers'
import { at } from '../../../src/base/at.ts'
import { keccakWords } from '../../../src/base/keccak.ts'
import { domainSeparator } from '../../../src/order/domain.ts'
import { receiptDigest } from '../../../src/order/receipt.ts'
import { element } from '../../helpers/fixtures.ts'
import { sabotage } from './sabotage.ts'
import { type Evidence, FAULTS, judge } from './verdict.ts'

const KEY = keccakWords([77n])
const DOMAIN = { chainId: 31337n, ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3' }

/** Two batches of two orders, one of them deferred, with the receipts that belong to them. */
function honest(): Evidence {
  const commitments = [0, 1, 2, 3].map((i) => element(5, i))
  const assignments = [1, 0, 3, 4]
  const receipts = commitments.map((commitment, i) => {
    const place = { epoch: 1n, batch: BigInt(i >> 1), slot: i & 1, time: 10n + BigInt(i) }
    const fields = { ...place, commitment, assignment: at(assignments, i) }
    const digest = receiptDigest(domainSeparator(DOMAIN), fields)
    return { ...fields, signature: new SigningKey(KEY).sign(digest).serialized }
  })
  const batch = (index: number) => ({
    ...{ epoch: 1n, index: BigInt(index), time: 10n },
    commitments: commitments.slice(2 * index, 2 * index + 2),
    assignments: assignments.slice(2 * index, 2 * index + 2),
  })
  return {
    domain: DOMAIN,
    signers: new Map([[1n, computeAddress(KEY)]]),
    sent: new Map(commitments.map((commitment) => [commitment, 'accepted'])),
    receipts,
    batches: new Map([0, 1].map((index) => [BigInt(index), batch(index)])),
    known: new Map(receipts.map((receipt) => [receipt.commitment, [receipt]])),
  }
}

describe('the verdict of the crash test', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judge(honest())).to.deep.equal([])
  })

  it('finds every fault that it names', () => {
    expect(sabotage(honest(), KEY)).to.deep.equal(Object.keys(FAULTS))
  })

  it('takes a refusal at the door for an answer', () => {
    const evidence = honest()
    const sent = new Map(evidence.sent).set(9n, 'ORDER_TOO_LARGE')
    expect(judge({ ...evidence, sent })).to.deep.equal([])
  })
})
