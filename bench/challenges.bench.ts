/** Gas of what challengers, traders and the operator send to the contracts around the ledger, at S = 4 and batches of 8 over real proofs: the bounds of docs/design/challenges.md. */
import { parseEther } from 'ethers'
import { hex32 } from '../src/base/keccak.ts'
import { detailsWords, headWords, openingWords } from '../src/chain/evidence.ts'
import { detailsOf } from '../src/order/details.ts'
import { commitmentOf, type Order } from '../src/order/order.ts'
import { ensureCircuit } from '../src/proof/build.ts'
import { startTestChain } from '../test/contracts/chain.ts'
import { inclusionOf } from '../test/contracts/inclusion.ts'
import { System } from '../test/contracts/system.ts'
import { element, orderFixture, policyFixture } from '../test/helpers/fixtures.ts'
import { SnarkjsProver } from '../test/helpers/snarkjs-prover.ts'
import { type BenchContext, type Row, row } from './report.ts'

export default async function challenges({ say }: BenchContext): Promise<Row[]> {
  const prover = new SnarkjsProver()
  const test = await startTestChain()
  try {
    const artifacts = await ensureCircuit('two-choice-4-8')
    const policy = policyFixture(4)
    const shards = policy.shards.map((shard, j) => ({ ...shard, reporting: j === 2 }))
    const system = await System.deploy(test, prover, artifacts, { ...policy, shards })
    const { stage, challenger } = system
    const rows: Row[] = []
    const send: System['send'] = async (...call) => {
      const receipt = await system.send(...call)
      rows.push(row(`${call[0]}.${call[2]}`, 'gas', 'gas', [Number(receipt.gasUsed)]))
      return receipt
    }
    say('batches and their proofs')
    const first = await stage.submitted(8)
    const second = await stage.batch([orderFixture(0), orderFixture(90)], { counters: [0n, 0n, 4000n, 0n] })
    await stage.submit(second)
    await send('receiptChallenges', challenger, 'sight', [0n])
    await system.finalize(second)
    await system.finalize(first)

    const wrong = system.signed(system.receipt(first, 1, { commitment: 99n }))
    await send('receiptChallenges', challenger, 'proveContradiction', [
      ...wrong,
      headWords(first.next),
      inclusionOf(first, 1),
    ])
    const past = system.signed(system.receipt(second, 0, { slot: 5 }))
    await send('receiptChallenges', challenger, 'proveSlotMissing', [
      ...past,
      system.opened(second),
      system.opened(first),
    ])
    await send('receiptChallenges', challenger, 'proveEquivocation', [
      ...system.signed(system.receipt(first, 1)),
      ...wrong,
    ])
    await send('receiptChallenges', challenger, 'proveDuplicate', [inclusionOf(first, 0), inclusionOf(second, 0)])
    const late = system.receipt(first, 0, { batch: 5n })
    await send('receiptChallenges', challenger, 'noticeOverdue', system.signed(late))
    await system.pass(301)
    await send('receiptChallenges', challenger, 'proveOverdue', [stage.epoch, 5n, 2n])

    const bond = parseEther('0.05')
    const demand = [1n, system.opened(second), system.opened(first), 2]
    await send('reportChallenges', challenger, 'demandReport', demand, bond)
    const report = { epoch: stage.epoch, shard: 2, counter: 4000n, time: second.statement.time }
    await send('reportChallenges', test.account(0), 'showReport', [1n, 2, ...system.report(report)])
    await send('reportChallenges', test.account(0), 'postReport', [...system.report({ ...report, counter: 9000n })])

    say('a forced order, and the epoch given up')
    const details = {
      account: test.account(8).address,
      market: hex32(7n),
      price: 5n,
      expiry: 99n,
      nonce: 1n,
      timeInForce: 1,
      maxFee: 3n,
      salt: hex32(element(40)),
    }
    const order: Order = { size: 9, side: 'sell', segment: 'retail', details: detailsOf(stage.deployment, details) }
    const fee = parseEther('0.01')
    await send('inbox', test.account(8), 'post', [order.size, 1, order.details, commitmentOf(order)], fee)
    const third = await stage.batch([order], { time: await system.nowUs() })
    await stage.submit(third)
    await send('inbox', test.account(0), 'discharge', [inclusionOf(third, 0), headWords(third.next)])
    const other: Order = { ...order, details: detailsOf(stage.deployment, { ...details, nonce: 2n }) }
    await system.send('inbox', test.account(8), 'post', [other.size, 1, other.details, commitmentOf(other)], fee)
    await system.pass(121)
    await send('inbox', challenger, 'freeze', [])
    await send('inbox', challenger, 'abandon', [3n])
    await send('redemption', challenger, 'open', [stage.epoch])
    const lost = { epoch: stage.epoch, batch: 3n, slot: 0, commitment: commitmentOf(order), assignment: 2, time: 1n }
    const claim = [...system.signed(lost), openingWords(order), detailsWords(details)]
    await send('redemption', test.account(8), 'claim', claim)
    await system.pass(3601)
    await send('redemption', challenger, 'settle', [stage.epoch])
    await send('redemption', challenger, 'redeem', [stage.epoch, 3n, 0])
    await send('bond', challenger, 'collect', [challenger.address])
    return rows
  } finally {
    await prover.close()
    await test.stop()
  }
}
