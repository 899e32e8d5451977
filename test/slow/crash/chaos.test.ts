import { expect } from 'chai'
import { STEPS } from '../../../src/cli/start/chaos/steps.ts'
import { failureCode, fairlead } from '../../cli/terminal.ts'
import { freePort } from '../../contracts/chain.ts'

type Line = { event: string; step?: string; line?: string; who?: string; what?: string; ok?: boolean }

describe('fairlead start --chaos chain', () => {
  it('goes with --once alone', async () => {
    const ran = await fairlead(['start', '--chaos', 'chain'])
    expect([ran.exitCode, failureCode(ran)]).to.deep.equal([2, 'USAGE'])
  })

  it('ends with every honest party whole', async function () {
    this.timeout(240_000)
    const port = `${await freePort()}`
    const args = ['start', '--once', '--chaos', 'chain', '--json', '--circuit', 'two-choice-4-8', '--chain-port', port]
    const ran = await fairlead(args)
    expect(ran.stderr).to.equal('')
    const lines: Line[] = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).to.deep.equal({ event: 'done', ok: true })
    expect(ran.exitCode).to.equal(0)
    const told = (step: string): string[] =>
      lines.filter((line) => line.event === 'chaos' && line.step === step).map(({ line = '' }) => line)
    for (const step of Object.keys(STEPS)) expect(told(step).length, step).to.be.at.least(3)
    expect(told('reorg').at(-1)).to.match(/^batches 0, 1, 2: all accepted again/)
    expect(told('withheld').join('\n')).to.match(/1\.0 ETH slashed, 0\.5 ETH of it burned, 0\.5 ETH to the challenger/)
    expect(told('abandoned').join('\n')).to.match(/redeemed from the pot: 0\.02 ETH/)
    const fates = lines.filter(({ event }) => event === 'fate')
    expect(fates.map(({ who }) => who)).to.deep.equal([
      'trader in the reorg',
      'trader who was not served',
      'trader of the late batch',
      'challenger',
      'trader of the void receipt',
      'operator',
      'holders of all receipts',
      'auditor',
    ])
    expect(fates.filter(({ ok }) => !ok)).to.deep.equal([])
    expect(fates.at(-1)?.what).to.match(/ in 2 epochs, 0 failed$/)
  })
})
