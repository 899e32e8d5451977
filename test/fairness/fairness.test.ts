import { expect } from 'chai'
import { assumedFlow, drawnFrom } from '../../src/fairness/flow-model.ts'
import { fairnessHtml } from '../../src/fairness/html.ts'
import type { ObservedBatch } from '../../src/fairness/observed.ts'
import { fairnessReport, jainIndex, spreadOf } from '../../src/fairness/report.ts'
import { leastRuns, nullDistribution, TEST, testFairness } from '../../src/fairness/test.ts'
import { fairnessText } from '../../src/fairness/text.ts'
import { randomFrom } from '../../src/simulate/random.ts'
import { makeRule } from '../../src/simulate/rules.ts'
import { PolicyNumbers, Shards } from '../../src/simulate/shards.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const twoChoice = new PolicyNumbers(policyFixture(4))
const roundRobin = new PolicyNumbers(policyFixture(4, 'round-robin'))
const flow = { ...assumedFlow(), known: true }
const SETTINGS = { ...TEST, runs: 400, level: 0.01 }

/** Batches of an honest router, or of one that turns a share of the orders over to shard 0. @param before orders of the ledger before them. */
function published(
  count: number,
  turned = 0,
  { policy, before, orders } = { policy: twoChoice, before: 0, orders: flow },
): ObservedBatch[] {
  const random = randomFrom(7)
  const shards = new Shards(policy)
  const pick = makeRule(policy.kind, before)
  const served = [500_000, 500_000, 500_000, 500_000]
  return Array.from({ length: count }, (_, i) => {
    shards.startBatch(served)
    const assignments = Array.from({ length: 20 }, () => {
      const order = orders.next(random)
      const honest = pick(shards, order.segment, random.draw)
      const shard = random.unit() < turned ? 0 : honest
      return shards.take(shard, order) ? shard + 1 : 0
    })
    return {
      index: BigInt(i),
      // Half a second, and then a while until the next order comes.
      time: 1e15 + i * 600_000,
      orderCounter: before + 20 * i,
      slots: 40,
      assignments,
      open: [...shards.open].map(Boolean),
      fees: [...shards.fee],
      served,
      policy,
      acceptedAt: 1e15 + i * 600_000 + 2e6,
    }
  })
}

describe('the fairness report', () => {
  const honest = published(100)
  const distribution = nullDistribution(honest, flow, SETTINGS)

  it('raises no alarm over an honest router, and one over shares that are turned', () => {
    expect(testFairness(honest, distribution).alarm).to.equal(false)
    const { alarm, statistics } = testFairness(published(100, 0.1), distribution)
    expect(alarm).to.equal(true)
    expect(statistics.filter((each) => each.alarm).map(({ statistic }) => statistic)).to.deep.equal(['share'])
  })

  for (const before of [0, 1, 100, 4321])
    it(`raises no alarm over an honest router that goes in turn, ${before} orders on`, () => {
      const oneSegment = drawnFrom([{ size: 20, side: 0, segment: 0 }], 'one segment')
      const inTurn = published(50, 0, { policy: roundRobin, before, orders: oneSegment })
      expect(
        testFairness(inTurn, nullDistribution(inTurn, oneSegment, SETTINGS)).statistics.filter((each) => each.alarm),
      ).to.deep.equal([])
    })

  it('sees batches that are cut short, and those that open at once', () => {
    const early = honest.map((batch, i) => ({ ...batch, time: 1e15 + i * 400_000 }))
    const cut = testFairness(early, distribution)
    expect(cut.statistics.find(({ statistic }) => statistic === 'cuts')).to.include({ value: 99, alarm: true })
    const held = honest.map((batch, i) => ({ ...batch, time: 1e15 + i * 500_000 }))
    const waiting = testFairness(held, distribution)
    expect(waiting.statistics.find(({ statistic }) => statistic === 'holding')).to.include({ value: 99, alarm: true })
  })

  it('asks, but raises no alarm, where sizes and segments are only assumed', () => {
    const assumed = nullDistribution(honest, assumedFlow(), SETTINGS)
    const { alarm, statistics } = testFairness(published(100, 0.1), assumed)
    expect(alarm).to.equal(false)
    expect(statistics[0]).to.include({ statistic: 'share', alarm: true, conditional: true })
    const early = honest.map((batch, i) => ({ ...batch, time: 1e15 + i * 400_000 }))
    expect(testFairness(early, assumed).alarm).to.equal(true)
  })

  it('gives the same numbers for the same seed', () => {
    expect(nullDistribution(honest, flow, SETTINGS)).to.deep.equal(distribution)
  })

  it('says what is published, in JSON, in text and in one page without requests', () => {
    const report = fairnessReport(honest, drawnFrom([{ size: 20, side: 0, segment: 0 }], 'test <flow>'), {
      settings: SETTINGS,
    })
    expect(report).to.deep.include({ orders: 2000, batches: { first: 0n, last: 99n, count: 100 } })
    expect(report.shards.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-9)
    expect(report.acceptance?.median).to.equal(2)
    const text = [...fairnessText(report)].join('\n')
    expect(text)
      .to.match(/2000, \d+ deferred/)
      .and.include('test <flow>')
    const html = fairnessHtml(report, { script: 'const x = "</script>"', style: '' })
    expect(html.match(/<script>/g)).to.have.length(2)
    expect(html).to.not.match(/<script[^>]+src|<link|https?:\/\//)
    expect(html).to.include('test &lt;flow&gt;')
  })

  it('counts breaker openings and closed batches', () => {
    const tripped = honest.map((batch, i) => ({ ...batch, open: [true, i < 10 || i >= 20, true, i !== 50] }))
    const { shards } = fairnessReport(tripped, flow, { settings: SETTINGS })
    expect(shards.map(({ breakerOpenings }) => breakerOpenings)).to.deep.equal([0, 1, 0, 1])
    expect(shards[1]?.open).to.equal(0.9)
  })

  it('knows how even shares are, and how many runs a level takes', () => {
    expect(jainIndex([10, 20, 30], [10, 20, 30])).to.be.closeTo(1, 1e-12)
    expect(jainIndex([60, 0, 0], [20, 20, 20])).to.be.closeTo(1 / 3, 1e-12)
    expect(jainIndex([], [])).to.equal(1)
    expect(spreadOf([])).to.include({ median: 0 })
    expect(leastRuns(0.001)).to.equal(4000)
  })
})
