/** The examples are run as a reader would: as programs, against a service in memory and an RPC endpoint. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { orderFromJson } from '../../src/client/client.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { MemoryService } from '../http/memory-service.ts'
import { World } from '../http/world.ts'
import { type RpcDouble, serveRpc } from './rpc-double.ts'
import { accept, ChainDouble, DOMAIN } from './setting.ts'

/** Whenever somebody looks at an order or at the batches, the newest batch has been accepted. */
class MovingService extends MemoryService {
  override async orderStatus(commitment: bigint) {
    await accept({ service: this })
    return super.orderStatus(commitment)
  }
  override async shards() {
    await accept({ service: this })
    return super.shards()
  }
}

describe('client: documentation', () => {
  let world: World
  let rpc: RpcDouble
  let folder: string
  before(async () => {
    world = await World.open(new MovingService())
    rpc = await serveRpc(new ChainDouble(world.service))
    // In the package, where programs find `fairlead/client` by its name.
    mkdirSync(join(packageRoot(), 'build'), { recursive: true })
    folder = mkdtempSync(join(packageRoot(), 'build', 'client-docs-'))
  })
  after(async () => {
    rpc.close()
    await world.listening.close(0)
    rmSync(folder, { recursive: true })
  })

  const run = async (program: string): Promise<string> => {
    const place = { FAIRLEAD_URL: world.listening.url, FAIRLEAD_RPC: rpc.url, FAIRLEAD_LEDGER: DOMAIN.ledger }
    const env = { ...process.env, ...place, FAIRLEAD_RETAIL_KEY: world.retail }
    return (await promisify(execFile)(process.execPath, [program], { cwd: folder, env, timeout: 30_000 })).stdout
  }
  const example = (name: string): string => join(packageRoot(), 'dist', 'examples', `${name}.js`)

  it('examples/order.ts keeps an order, places it and finds it on the chain', async () => {
    expect(await run(example('order'))).to.match(/^accepted: batch \d+, slot \d+\nthe chain has it on shard [0-3]\n$/)
    const [file = ''] = readdirSync(folder).filter((name) => name.startsWith('order-'))
    expect(file).to.equal(`order-${orderFromJson(readFileSync(join(folder, file), 'utf8')).commitment}.json`)
  })

  it('examples/flow.ts settles every order', async () => {
    const said = /^(\d+) accepted, (\d+) deferred, (\d+) sealed, (\d+) refused\n$/
    const [, ...counts] = said.exec(await run(example('flow'))) ?? []
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).to.equal(20)
  })

  it('examples/watch.ts sees a batch accepted', async () => {
    await accept(world)
    expect(await run(example('watch'))).to.match(/^batch \d+: accepted, \d+ orders, \d+ deferred\n$/)
  })

  it('every example is run here', () => {
    const names = readdirSync(join(packageRoot(), 'examples')).sort()
    expect(names).to.deep.equal(['flow.ts', 'order.ts', 'watch.ts'])
  })
})
