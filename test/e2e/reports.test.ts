import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Contract, Wallet } from 'ethers'
import { REPORT_CHALLENGES_ABI } from '../../src/chain/abi.ts'
import { openedBatch } from '../../src/chain/evidence.ts'
import { connectProvider } from '../../src/chain/provider.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { servedDigest } from '../../src/order/served.ts'
import { type LocalFairlead, startLocal } from '../../src/service/bootstrap.ts'
import { defaultPolicy } from '../../src/service/default-policy.ts'
import type { DutyEvent } from '../../src/service/events.ts'
import { fairlead } from '../cli/terminal.ts'
import { freePort } from '../contracts/chain.ts'
import { orderFixture } from '../helpers/fixtures.ts'

/** A funded account of every anvil. */
const CHALLENGER = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

describe('reports over real proofs', () => {
  const shard = Wallet.createRandom()
  let dir = ''
  let local: LocalFairlead
  before(async function () {
    this.timeout(180_000)
    dir = await mkdtemp(join(tmpdir(), 'fairlead-reports-'))
    local = await startLocal({
      system: true,
      dataDir: dir,
      chainPort: await freePort(),
      circuit: 'two-choice-4-8',
      logLevel: 'silent',
      policy: () => {
        const policy = defaultPolicy(4)
        const shards = policy.shards.map((each, j) => ({ ...each, reporting: j === 0 }))
        return { ...policy, shards, reportSigners: policy.reportSigners.with(0, shard.address) }
      },
    })
  })
  after(async () => {
    await local?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('are applied by a batch that the ledger accepts, shown to whoever asks, and pass the audit', async function () {
    this.timeout(120_000)
    const { service, chain, deployment } = local
    const { ledger, fromBlock, contracts } = deployment
    const { provider } = await connectProvider(chain.url)
    const reader = await LedgerReader.connect({ rpcUrl: chain.url, ledger, fromBlock })
    try {
      const separator = domainSeparator(reader.config)
      const report = { epoch: 1n, shard: 0, counter: 250_000n, time: BigInt(Date.now()) * 1000n }
      const { serialized: signature } = shard.signingKey.sign(servedDigest(separator, report))
      expect(await service.submitReport({ ...report, signature })).to.equal(0n)
      const accepted = new Promise((resolve) =>
        service.events.on('batch', ({ state }) => state === 'accepted' && resolve(state)),
      )
      await service.submitOrders([{ ...orderFixture(1), size: 5, segment: 'retail' }], {
        keyId: 'me',
        segment: 'retail',
      })
      await accepted
      const batch = await service.batch(0n)
      expect(batch?.statement?.served[0]).to.equal(250_000n)
      const { head } = await service.status()
      expect(head.counters).to.deep.equal([250_000n, 0n, 0n, 0n])

      // A question about the batch, once it is final.
      const { orderRoot = '', statementHash = '', head: headHash = '', terms = '' } = batch ?? {}
      const opened = openedBatch({ orderRoot, statementHash, head: headHash, terms }, head)
      const challenger = new Wallet(CHALLENGER, provider)
      const challenges = new Contract(contracts?.reportChallenges ?? '', REPORT_CHALLENGES_ABI, challenger)
      const call = async (method: string, ...args: unknown[]) => (await challenges.getFunction(method)(...args)).wait()
      await call('sight', 0n)
      await provider.send('anvil_mine', ['0x9'])
      const shown = new Promise<DutyEvent>((resolve) =>
        service.events.on('duty', (event) => event.duty === 'report-shown' && resolve(event)),
      )
      const value = await challenges.getFunction('challengeBond')()
      await call('demandReport', 0n, opened, opened, 0, { value })
      expect(await shown).to.deep.equal({ duty: 'report-shown', batch: 0n, shard: 0 })
      const audit = await fairlead(['audit', '--rpc', chain.url, '--ledger', ledger])
      expect(audit).to.include({ exitCode: 0 })
    } finally {
      reader.close()
      provider.destroy()
    }
  })
})
