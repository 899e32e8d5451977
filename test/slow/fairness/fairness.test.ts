/** What the fairness test is worth: false alarms over honest routers, and the share of cheating ones that it finds. Prints its table. */
import { expect } from 'chai'
import { ASSUMED, assumedFlow } from '../../../src/fairness/flow-model.ts'
import { nullDistribution, TEST, type TestResult, testFairness } from '../../../src/fairness/test.ts'
import { PolicyNumbers } from '../../../src/simulate/shards.ts'
import { policyFixture } from '../../helpers/fixtures.ts'
import { type Cheat, publish, type RouterSettings } from './router.ts'

const HONEST_RUNS = 1000
const CHEATING_RUNS = 100
/** Seeds apart from those of the null distribution. */
const SEED = 1_000_000

const settings: RouterSettings = {
  policy: new PolicyNumbers(policyFixture(16)),
  // Drawn from the very flow that the null distribution draws from; shards are about half loaded.
  flow: { ...assumedFlow({ ...ASSUMED, medianLots: 150 }), known: true },
  orders: 8_000,
  rate: 120,
  slots: 105,
  age: 500_000,
}

describe('the fairness test', function () {
  this.timeout(1_200_000)
  const honest = nullDistribution(publish(settings, SEED), settings.flow, TEST)
  const judge = (seed: number, cheat?: Cheat): TestResult => testFairness(publish({ ...settings, cheat }, seed), honest)
  const judged = (runs: number, from: number, cheat?: Cheat): TestResult[] =>
    Array.from({ length: runs }, (_, i) => judge(from + i, cheat))
  const share = (results: readonly TestResult[], of: (result: TestResult) => boolean | undefined): number =>
    results.filter(of).length / results.length

  it('gives at most 4 false alarms over 1,000 honest routers at a level of 0.1 %', () => {
    const found = judged(HONEST_RUNS, SEED + 1).filter(({ alarm }) => alarm).length
    console.log(`      honest: ${found} alarms in ${HONEST_RUNS} runs of ${settings.orders} orders`)
    expect(found).to.be.at.most(4)
  })

  for (const way of ['hold', 'hide', 'cut', 'stuff'] as const)
    it(`finds routers that ${way}`, () => {
      const power = [0.02, 0.05, 0.2].map((part) => {
        const results = judged(CHEATING_RUNS, 2 * SEED, { way, share: part })
        const by = results[0]?.statistics.map(({ statistic }, i) => {
          const found = share(results, ({ statistics }) => statistics[i]?.alarm)
          return `${statistic} ${(100 * found).toFixed(0)} %`
        })
        const found = share(results, ({ alarm }) => alarm)
        console.log(
          `      ${way} ${100 * part} % of the flow: found in ${(100 * found).toFixed(1)} % of ${CHEATING_RUNS} runs (${by})`,
        )
        return found
      })
      // The more of the flow, the surer.
      expect(power[2]).to.be.at.least(power[0] ?? 1)
      // A router that hides what it holds leaves little to see; what there is, the table says.
      if (way !== 'hide') expect(power[2]).to.be.at.least(0.99)
    })
})
