import { expect } from 'chai'
import { failureCode, fairlead } from '../cli/terminal.ts'
import { World } from './world.ts'

describe('fairlead epoch', () => {
  let world: World
  before(async function () {
    this.timeout(180_000)
    world = await World.start()
  })
  after(() => world?.stop())

  const epoch = (...args: string[]) =>
    fairlead(['epoch', ...args, '--data-dir', world.dataDir, '--rpc', world.rpc, '--json'])

  it('shows what runs', async () => {
    const shown = JSON.parse((await epoch('show')).stdout)
    const { lastAcceptedBatch } = await world.serving.local.service.status()
    expect(shown).to.include({
      epoch: '1',
      state: 'open',
      firstBatch: '0',
      nextBatch: `${(lastAcceptedBatch ?? 0n) + 1n}`,
    })
    expect(shown.end).to.equal(undefined)
  })

  it('asks before it abandons', async () => {
    const ran = await fairlead(['epoch', 'abandon', '--data-dir', world.dataDir, '--rpc', world.rpc])
    expect([ran.exitCode, failureCode(ran)]).to.deep.equal([2, 'CONFIRMATION_NEEDED'])
    expect(JSON.parse((await epoch('show')).stdout).state).to.equal('open')
  })

  it('opens nothing while an epoch is open', async () => {
    expect(JSON.parse((await epoch('next')).stdout)).to.include({ epoch: '1', opened: false })
  })

  it('abandons under a running service, which stops at once and goes on in the next epoch after a restart', async function () {
    this.timeout(120_000)
    const { service } = world.serving.local
    const seen = new Promise((resolve) => service.events.once('epoch', resolve))
    const end = JSON.parse((await epoch('show')).stdout).nextBatch
    expect(JSON.parse((await epoch('abandon', '--yes')).stdout)).to.deep.equal({ abandoned: '1', end })
    await seen
    const order = world.orders(1, 5)[0]
    expect(await world.ask('/v1/orders', 'retail', order)).to.include({ code: 'BACK_PRESSURE' })
    expect(await epoch('abandon', '--yes')).to.include({ exitCode: 2 })
    await world.restart()
    const placed = await world.sendOne('retail', order)
    expect(placed.receipt).to.include({ epoch: '2', batch: end })
    await world.settled()
    expect(await fairlead(['audit', ...world.chainArgs])).to.include({ exitCode: 0 })
  })
})
