import { expect } from 'chai'
import { SigningKey } from 'ethers'
import { hex32 } from '../../src/base/keccak.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { type ServedReport, servedDigest } from '../../src/order/served.ts'
import type { SignedReport } from '../../src/service/api.ts'
import type { DutyWrites, SystemReads } from '../../src/service/duty-role.ts'
import type { DutyEvent } from '../../src/service/events.ts'
import { countersAt } from '../../src/service/reports.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { catchError } from '../helpers/catch-error.ts'
import { element, policyFixture } from '../helpers/fixtures.ts'
import { RETAIL, reached, retail, T0, testContext, useServices } from './harness.ts'

const KEY = new SigningKey(hex32(element(60)))
const SHARD = 2
const policy = policyFixture(4)
const reporting = { ...policy, shards: policy.shards.map((shard, j) => ({ ...shard, reporting: j === SHARD })) }
const setup = { slots: 3, policy: reporting, reportKey: KEY }
const separator = domainSeparator(testContext(setup).domain)

const signed = (change: Partial<ServedReport> = {}, key = KEY): SignedReport => {
  const report = { epoch: 1n, shard: SHARD, counter: 5000n, time: T0, ...change }
  return { ...report, signature: key.sign(servedDigest(separator, report)).serialized }
}
const orders = (batch: number) => [0, 1, 2].map((i) => retail(3 * batch + i))

describe('reports of shards', () => {
  const { start, stop } = useServices(setup)

  async function accepted(service: FairleadService, batch: number) {
    await service.submitOrders(orders(batch), RETAIL)
    await reached(service, BigInt(batch), 'accepted')
    const { statement } = (await service.batch(BigInt(batch))) ?? {}
    return { served: statement?.served[SHARD], counters: (await service.status()).head.counters }
  }

  it('are applied by the next batch, each once, over restarts', async () => {
    const one = await start()
    expect(await accepted(one.service, 0)).to.deep.equal({ served: 0n, counters: [0n, 0n, 0n, 0n] })
    expect(await one.service.submitReport(signed())).to.equal(0n)
    expect(await one.service.submitReport(signed())).to.equal(0n)
    await one.service.submitReport(signed({ counter: 4000n }))
    expect(await accepted(one.service, 1)).to.deep.equal({ served: 5000n, counters: [0n, 0n, 5000n, 0n] })
    expect(await accepted(one.service, 2)).to.deep.equal({ served: 0n, counters: [0n, 0n, 5000n, 0n] })
    await one.service.submitReport(signed({ counter: 5600n }))
    await stop(one.service)
    const { service, clock } = await start()
    clock.advance(60_000)
    expect(await accepted(service, 3)).to.deep.equal({ served: 600n, counters: [0n, 0n, 5600n, 0n] })
    expect(await service.submitReport(signed())).to.equal(5600n)
  })

  it('wait for a batch that is no older than they are', async () => {
    const { service, clock } = await start()
    await service.submitReport(signed({ time: T0 + 50_000_000n }))
    expect((await accepted(service, 0)).served).to.equal(0n)
    clock.advance(60_000)
    expect((await accepted(service, 1)).served).to.equal(5000n)
  })

  it('rise by what one batch can take', () => {
    const rise = 2n ** 40n - 1n
    expect(countersAt(5n, [0n, 7n], [{ shard: 1, counter: 2n ** 50n, time: 5n }])).to.deep.equal([0n, 7n + rise])
    expect(countersAt(5n, [0n, 7n], [{ shard: 1, counter: 9n, time: 6n }])).to.deep.equal([0n, 7n])
  })

  it('are refused when they are forged, of another epoch or shard, or from the future', async () => {
    const { service } = await start()
    const forged = [
      signed({}, new SigningKey(hex32(element(61)))),
      { ...signed(), counter: 6000n },
      { ...signed(), signature: `0x${'00'.repeat(65)}` },
      signed({ epoch: 2n }),
      signed({ shard: 1 }),
      signed({ shard: 63 }),
      signed({ time: T0 + 3_600_000_000n }),
    ]
    for (const report of forged)
      expect((await catchError(() => service.submitReport(report))).code).to.equal('REPORT_REFUSED')
    expect((await accepted(service, 0)).served).to.equal(0n)
  })

  it('are shown when they are asked for, and taken from the chain', async () => {
    let [asked, onChain] = [false, false]
    const shown: { index: bigint; report: ServedReport }[] = []
    const posted = signed({ counter: 9000n })
    const demands = [{ index: 0n, shard: SHARD, epoch: 1n, counter: 9000n, untilTimeS: 0n, untilBlock: 0n }]
    const system: SystemReads & DutyWrites = {
      bond: async () => ({ stake: 1n, covered: 1n, minimum: 1n, burned: 0n }),
      due: async () => ({ from: 0n, to: 0n, left: 0n, dueAt: 0n }),
      waits: async () => false,
      postedOrders: async () => [],
      overdueNotices: async () => [],
      signedReports: async () => (onChain ? [{ report: posted, signature: posted.signature }] : []),
      demands: async () => (asked ? demands.map((demand) => ({ ...demand, batchTime: T0 + 1n })) : []),
      dischargeMany: async () => {},
      showReport: async (index, report) => void shown.push({ index, report }),
    }
    const { service, chain } = await start({ change: { around: { system, writer: system, fromBlock: 0 } } })
    const duty = (wanted: DutyEvent['duty']) =>
      new Promise((resolve) => service.events.on('duty', (event) => event.duty === wanted && resolve(event)))
    const taken = duty('report-taken')
    onChain = true
    chain.block++
    await taken
    expect((await accepted(service, 0)).served).to.equal(9000n)
    const answered = duty('report-shown')
    asked = true
    chain.block++
    await answered
    expect(shown).to.deep.equal([{ index: 0n, report: { epoch: 1n, shard: SHARD, counter: 9000n, time: T0 } }])
  })
})
