/**
 * Each command of `fairlead audit` against a real ledger. Set FAIRLEAD_WRITE_TESTDATA to write the files anew that transcripts show (test/cli/testdata/audit).
 */

import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { SigningKey } from 'ethers'
import { jsonText } from '../../src/base/json.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { failureCode, fairlead } from '../cli/terminal.ts'
import { canUnshare, unshareWords } from './isolated.ts'
import { flipBit, logLie } from './lies.ts'
import { type LyingRpc, startLyingRpc } from './lying-rpc.ts'
import { sharedWorld } from './world.ts'

const TESTDATA = join(packageRoot(), 'test', 'cli', 'testdata', 'audit')
const run = promisify(execFile)

describe('fairlead audit', function () {
  this.timeout(120_000)
  const world = sharedWorld()
  const audit = (...args: readonly string[]) => fairlead(['audit', ...args, ...world().chainArgs])
  const path = (name: string): Promise<string> => world().write(name, '')
  const missing = async (name: string): Promise<string> => {
    const file = await path(name)
    await rm(file)
    return file
  }
  const placed = () => world().placed[0] ?? expect.fail('no order was placed')

  /** A receipt with the epoch signer's signature, of whatever content. */
  async function signed(change: Partial<Receipt>): Promise<string> {
    const { signature: _, ...fields } = placed().receipt
    const receipt = { ...Receipt.parse(fields), ...change }
    const domain = { chainId: 31337n, ledger: world().ledger }
    const signature = new SigningKey(await world().signerKey()).sign(receiptDigest(domainSeparator(domain), receipt))
    return world().write(`receipt-${Math.random()}.json`, jsonText({ ...receipt, signature: signature.serialized }))
  }
  const honest = () => world().write('receipt.json', JSON.stringify(placed()))

  it('run passes, tells the steps of each batch, and takes each verifier', async () => {
    const { exitCode, stdout } = await audit('run', '--per-batch', '--json')
    const told = JSON.parse(stdout)
    expect([exitCode, told.verdict]).to.deep.equal([0, 'good'])
    expect(told.steps.map(({ step }: { step: string }) => step)).to.include.members(['policy', 'signer', 'proofs'])
    expect(
      told.perBatch.map(({ batch, verdict }: { batch: string; verdict: string }) => [batch, verdict]),
    ).to.deep.equal(world().batches.map((index) => [`${index}`, 'good']))
    expect((await audit('run', '--verifier', 'snarkjs')).exitCode).to.equal(0)
  })

  it('run checks a range from the record of the batch before, and no batch that is not there', async () => {
    const { exitCode, stdout } = await audit('run', '--batches', '1-2', '--json')
    expect([exitCode, JSON.parse(stdout).verdict]).to.deep.equal([0, 'good'])
    const past = await audit('run', '--batches', '1-999')
    expect([past.exitCode, failureCode(past)]).to.deep.equal([2, 'BATCH_NOT_ACCEPTED'])
  })

  it('run goes on from a state, and fails closed when it is missing, altered, of another chain or not asked for', async () => {
    const state = await missing('state.json')
    expect(failureCode(await audit('run', '--state', state))).to.equal('STATE_INVALID')
    await mined(8)
    const begun = await audit('run', '--state', state, '--begin')
    expect(begun.exitCode).to.equal(0)
    const [, digest = ''] = /digest (0x[0-9a-f]{64})/.exec(begun.stderr) ?? []
    expect(failureCode(await audit('run', '--state', state, '--begin'))).to.equal('USAGE')
    const again = await audit('run', '--state', state, '--state-digest', digest, '--json')
    expect([again.exitCode, JSON.parse(again.stdout).verdict]).to.deep.equal([0, 'good'])
    const other = `0x${'12'.repeat(32)}`
    expect(failureCode(await audit('run', '--state', state, '--state-digest', other))).to.equal('STATE_INVALID')
    const text = await readFile(state, 'utf8')
    const bent = {
      'cut off': text.slice(0, -9),
      'a digit': text.replace(/"time":"(\d)/, (_, first) => `"time":"${(Number(first) % 9) + 1}`),
      'another ledger': text.replace(world().ledger, '0x1111111111111111111111111111111111111111'),
      'white space': text.replace('{', '{ '),
      'no order': text.replace(/"accepted":\[[^\]]+\]/, '"accepted":[]'),
      nothing: '',
    }
    for (const [what, content] of Object.entries(bent)) {
      const ran = await audit('run', '--state', await world().write('bent-state.json', content))
      expect([what, ran.exitCode, failureCode(ran)]).to.deep.equal([what, 2, 'STATE_INVALID'])
    }
  })

  it('watch follows what becomes final, and ends at the batch that it is told', async () => {
    await mined(8)
    const last = world().batches.at(-1) ?? 0n
    const { exitCode, stdout } = await audit('watch', '--until', `${last}`, '--interval', '1')
    expect([exitCode, stdout]).to.deep.equal([
      0,
      `good up to batch ${last}\nwatched ${last + 1n} batches: nothing wrong\n`,
    ])
  })

  it('watch ends at the first fault, and tells a webhook', async () => {
    const bodies: string[] = []
    const hook = createServer((request, response) => {
      request.on('data', (piece) => bodies.push(String(piece))).on('end', () => response.end())
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    // By the type of servers that listen on a port.
    const { port } = hook.address() as AddressInfo
    const lying: LyingRpc = await startLyingRpc(() => world().rpc)
    lying.tell(logLie('BatchAccepted', ({ data }) => ({ data: flipBit(data, 44) }), 1))
    try {
      const args = ['--rpc', lying.url, '--ledger', world().ledger, '--depth', '0', '--interval', '1']
      const ran = await fairlead(['audit', 'watch', ...args, '--webhook', `http://127.0.0.1:${port}/`])
      expect([ran.exitCode, ran.stderr]).to.deep.equal([1, ''])
      expect(ran.stdout).to.match(/^FAILED statement-hash \(batch 1\)/)
      expect(JSON.parse(bodies.join(''))).to.deep.include({ chainId: '31337', ledger: world().ledger })
      expect(JSON.parse(bodies.join('')).fault).to.include({ name: 'statement-hash', batch: '1' })
    } finally {
      await lying.close()
      hook.close()
    }
  })

  it('bundle export writes from the chain what the service gives, and both verify without a network', async function () {
    const [out, anchor] = [await path('bundles.json'), await path('bundles-anchor.json')]
    const ran = await audit('bundle', 'export', '--out', out, '--anchor-out', anchor)
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
    const { bundles } = JSON.parse(await readFile(out, 'utf8'))
    for (const index of world().batches)
      expect(bundles[Number(index)]).to.deep.equal(JSON.parse(await readFile(await world().bundleFile(index), 'utf8')))
    const args = ['audit', 'bundle', 'verify', out, '--anchor', anchor]
    const told = await fairlead([...args, '--json'])
    expect([told.exitCode, JSON.parse(told.stdout).batches]).to.deep.equal([0, bundles.length])
    await testdata(out, anchor)
    if (!canUnshare()) {
      console.warn('      SKIPPED: this system lets nobody make a network namespace')
      this.skip()
    }
    const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js')
    const alone = await run('unshare', [...unshareWords(), process.execPath, main, ...args])
    expect(alone.stdout).to.match(new RegExp(`^audit passed: ${bundles.length} batches`))
  })

  it('bundle verify names a batch that was left out of order, and an order accepted twice', async () => {
    const [out, anchor] = [await path('list.json'), await path('list-anchor.json')]
    await audit('bundle', 'export', '--out', out, '--anchor-out', anchor)
    const { format, bundles } = JSON.parse(await readFile(out, 'utf8'))
    const first = async (list: unknown[]) => {
      const file = await world().write('other-list.json', JSON.stringify({ format, bundles: list }))
      const { stdout } = await fairlead(['audit', 'bundle', 'verify', file, '--anchor', anchor, '--json'])
      return JSON.parse(stdout).failures[0]?.name
    }
    expect(await first(bundles)).to.equal(undefined)
    expect(await first([bundles[1], bundles[0]])).to.equal('batch-index')
    expect(await first([bundles[0], bundles[0]])).to.equal('batch-index')
  })

  it('receipt says where an order is, from the chain and offline', async () => {
    const file = await honest()
    const { receipt } = placed()
    const online = await audit('receipt', file)
    expect([online.exitCode, online.stderr]).to.deep.equal([0, ''])
    expect(online.stdout)
      .to.match(/^accepted in block \d+, transaction 0x/m)
      .and.match(/^kept {5}/m)
    const [bundle, anchor] = [await world().bundleFile(receipt.batch), await world().anchorFile()]
    const args = ['audit', 'receipt', file, '--bundle', bundle, '--anchor', anchor]
    const offline = await fairlead(args)
    expect([offline.exitCode, offline.stdout.includes('kept     ')]).to.deep.equal([0, true])
    const waiting = await audit('receipt', await signed({ batch: 999n, time: BigInt(Date.now()) * 1000n }), '--json')
    expect([waiting.exitCode, JSON.parse(waiting.stdout).where.fate]).to.deep.equal([2, 'waiting'])
    const late = await audit('receipt', await signed({ batch: 999n, time: 1n }), '--json')
    expect([late.exitCode, JSON.parse(late.stdout).where.fate]).to.deep.equal([1, 'overdue'])
    const broken = await audit('receipt', await signed({ commitment: 5n }), '--json')
    expect([broken.exitCode, JSON.parse(broken.stdout).where.fate]).to.deep.equal([1, 'broken'])
    const forged = await world().write('forged.json', JSON.stringify({ ...receipt, slot: receipt.slot + 1 }))
    const nobody = await audit('receipt', forged, '--json')
    expect([nobody.exitCode, JSON.parse(nobody.stdout).where.fate]).to.deep.equal([1, 'void'])
    await testdata(file, bundle, await world().bundleFile(1n))
  })

  it('run holds receipts against the chain', async () => {
    expect((await audit('run', '--receipts', await honest())).exitCode).to.equal(0)
    const broken = await audit('run', '--receipts', await signed({ commitment: 5n }), '--json')
    expect([broken.exitCode, JSON.parse(broken.stdout).failures[0].name]).to.deep.equal([1, 'receipt-kept'])
  })

  it('certificate proves each violation to anybody, and nothing else', async () => {
    const anchor = await world().anchorFile()
    const none = await audit('certificate', 'make', await honest(), '--out', await path('no-certificate.json'))
    expect([none.exitCode, none.stdout]).to.deep.equal([1, 'no violation found\n'])
    const never = await audit('certificate', 'make', '--out', await path('no-certificate.json'))
    expect([never.exitCode, never.stdout]).to.deep.equal([1, 'no violation found\n'])
    const [one, other] = [await signed({ batch: 7n, slot: 1 }), await signed({ batch: 7n, slot: 1, commitment: 9n })]
    const cases: Record<string, [files: string[], offline: number]> = {
      'receipt-contradicted': [[await signed({ commitment: 5n })], 0],
      'receipts-contradict': [[one, other], 0],
      'batch-overdue': [[await signed({ batch: 999n, time: 1n })], 2],
    }
    for (const [kind, [files, offline]] of Object.entries(cases)) {
      const out = await path(`${kind}.json`)
      const made = await audit('certificate', 'make', ...files, '--out', out, '--json')
      expect([made.exitCode, JSON.parse(made.stdout).kind], made.stdout).to.deep.equal([0, kind])
      expect((await audit('certificate', 'verify', out)).exitCode, kind).to.equal(0)
      expect((await fairlead(['audit', 'certificate', 'verify', out, '--anchor', anchor])).exitCode, kind).to.equal(
        offline,
      )
      const text = await readFile(out, 'utf8')
      const bent = await world().write('bent.json', text.replace(/"signature": "0x(.)/, otherDigit))
      expect((await audit('certificate', 'verify', bent)).exitCode, kind).to.equal(1)
      await testdata(out)
    }
  })

  it('disclose and openings: one auditor reads what nobody else can, and recomputes it', async () => {
    const key = await missing('auditor-key.json')
    const { publicKey } = JSON.parse((await fairlead(['audit', 'openings', 'keygen', '--out', key, '--json'])).stdout)
    const [sealed, log, opened] = [
      await missing('mine.sealed'),
      await missing('log.jsonl'),
      await missing('opened.json'),
    ]
    const order = world().orders(1, 12)[0] ?? expect.fail('no order')
    const sent = await world().sendOne('retail', order)
    const orderFile = await world().write('my-order.json', JSON.stringify({ ...order, segment: 'retail' }))
    const receiptFile = await world().write('my-receipt.json', JSON.stringify(sent))
    const to = ['--to', publicKey, '--name', 'Auditor', '--log', log]
    const told = await audit('disclose', '--orders', orderFile, receiptFile, ...to, '--out', sealed)
    expect([told.exitCode, told.stderr]).to.deep.equal([0, ''])
    expect(await readFile(sealed, 'utf8')).to.not.include(order.details)
    await world().settled()
    // The operator, before the batch is final: its store has everything.
    const whole = await missing('batch.sealed')
    const range = `${sent.receipt.batch}-${sent.receipt.batch}`
    const disclosed = await world().paused((dataDir) =>
      fairlead(['audit', 'disclose', '--batches', range, ...to, '--out', whole, '--data-dir', dataDir]),
    )
    expect([disclosed.exitCode, disclosed.stderr]).to.deep.equal([0, ''])
    const read = await audit('openings', 'check', sealed, '--key', key, '--out', opened, '--json')
    expect([read.exitCode, JSON.parse(read.stdout).results[0]]).to.deep.equal([
      0,
      {
        batch: sent.receipt.batch,
        outcome: 'opened',
        orders: 1,
        lots: 12,
        deferred: sent.status === 'deferred' ? 1 : 0,
      },
    ])
    const recomputed = await audit('openings', 'check', whole, '--key', key, '--json')
    expect([recomputed.exitCode, JSON.parse(recomputed.stdout).results[0].outcome]).to.deep.equal([0, 'recomputed'])
    expect((await readFile(log, 'utf8')).trim().split('\n')).to.have.length(2)

    const report = await audit('report', '--openings', opened, '--json')
    expect(JSON.parse(report.stdout).segments[0]).to.include({ segment: 'retail', orders: 1, lots: 12 })

    const waited = await audit('report', '--receipts', receiptFile, '--json')
    expect(JSON.parse(waited.stdout).receipts).to.include({ receipts: 1, accepted: 1 })
    expect(JSON.parse(waited.stdout).receipts.wait.max).to.be.within(0, 120)

    const bent = await world().write('bent.jsonl', (await readFile(log, 'utf8')).replace('Auditor', 'Nobody'))
    const none = ['--to', publicKey, '--name', 'x', '--log', bent, '--out', await missing('never.sealed')]
    expect(failureCode(await audit('disclose', '--orders', orderFile, receiptFile, ...none))).to.equal('JSON_INVALID')
    const other = await missing('other-key.json')
    await fairlead(['audit', 'openings', 'keygen', '--out', other])
    expect(failureCode(await audit('openings', 'check', sealed, '--key', other))).to.equal('SEAL_INVALID')
  })

  /** Blocks that pass until what is there is final. */
  async function mined(blocks: number): Promise<void> {
    const body = { jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: [`0x${blocks.toString(16)}`] }
    await fetch(world().rpc, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }
})

async function testdata(...files: readonly string[]): Promise<void> {
  if (process.env.FAIRLEAD_WRITE_TESTDATA === undefined) return
  await mkdir(TESTDATA, { recursive: true })
  for (const file of files) await copyFile(file, join(TESTDATA, file.split('/').at(-1) ?? ''))
}

/** The start of a signature's text with another first digit. */
const otherDigit = (start: string, digit: string): string => `${start.slice(0, -1)}${digit === 'f' ? '0' : 'f'}`
