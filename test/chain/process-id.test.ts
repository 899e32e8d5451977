import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect } from 'chai'
import { startDevChain } from '../../src/chain/devchain.ts'
import { isAlive, processId } from '../../src/chain/process-id.ts'
import { freePort } from '../contracts/chain.ts'

describe('process ids', () => {
  it('call a process of many threads ended when the last has let go of its port, not the first', async function () {
    if (process.platform !== 'linux') this.skip()
    for (let i = 0; i < 10; i++) {
      const port = await freePort()
      const { pid, ended } = await startDevChain({ port, blockTimeS: 0 })
      const id = await processId(pid)
      expect(await isAlive(id)).to.equal(true)
      process.kill(pid, 'SIGKILL')
      while (await isAlive(id));
      expect(await connectError(port)).to.equal('ECONNREFUSED')
      await ended
    }
  })

  it('tell a process from one that got its id', async function () {
    if (process.platform !== 'linux') this.skip()
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    const id = await processId(child.pid ?? 0)
    expect(await isAlive(id)).to.equal(true)
    expect(await isAlive({ ...id, start: String(Number(id.start) + 1) })).to.equal(false)
    child.kill()
    await once(child, 'exit')
    expect(await isAlive(id)).to.equal(false)
  })
})

function connectError(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket
      .once('connect', () => resolve(undefined))
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    socket.unref()
  })
}
