import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { LedgerReader } from '../../src/chain/reader.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { failureCode, fairlead } from '../cli/terminal.ts'
import { canUnshare, unshareWords } from './isolated.ts'
import { viewLie } from './lies.ts'
import { type LyingRpc, startLyingRpc } from './lying-rpc.ts'
import { sharedWorld } from './world.ts'

const run = promisify(execFile)

describe('an anchor', () => {
  const world = sharedWorld()
  const exported = (...args: readonly string[]) => fairlead(['anchor', 'export', ...world().chainArgs, ...args])
  const lastBatch = (): bigint => world().batches.at(-1) ?? 0n

  it('holds every accepted batch, and each bundle is good against it', async () => {
    const anchor = await world().anchorFile()
    for (const index of world().batches) {
      const ran = await fairlead(['audit', await world().bundleFile(index), '--anchor', anchor])
      expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
      expect(ran.stdout).to.match(/^audit passed: 1 batches, 1 epochs, \d+ checks\n$/)
    }
  })

  it('says the same as the chain of each batch, in JSON too', async () => {
    const anchor = await world().anchorFile()
    const bundle = await world().bundleFile(1n)
    const offline = JSON.parse((await fairlead(['audit', bundle, '--anchor', anchor, '--json'])).stdout)
    const online = JSON.parse((await fairlead(['audit', bundle, ...world().chainArgs, '--json'])).stdout)
    expect(offline).to.deep.equal(online)
    expect(offline).to.include({ ok: true, verdict: 'good', batches: 1 })
  })

  it('is the same file from every endpoint, at the same block', async () => {
    const { block } = JSON.parse((await exported()).stdout)
    const other = await startLyingRpc(() => world().rpc)
    try {
      const args = ['--ledger', world().ledger, '--block', block.number]
      const files = [world().rpc, other.url].map((rpc) => fairlead(['anchor', 'export', '--rpc', rpc, ...args]))
      const [one, two] = await Promise.all(files)
      expect(one?.stdout).to.equal(two?.stdout)
      expect(one?.exitCode).to.equal(0)
    } finally {
      await other.close()
    }
  })

  it('holds one batch, or a range, and has no verdict on others', async () => {
    const single = await world().anchorFile('--batch', '1')
    const range = await world().anchorFile('--batches', '0-1')
    const verdicts = async (anchor: string) => {
      const codes: number[] = []
      for (const index of [0n, 1n, 2n])
        codes.push((await fairlead(['audit', await world().bundleFile(index), '--anchor', anchor])).exitCode)
      return codes
    }
    expect(await verdicts(single)).to.deep.equal([2, 0, 2])
    expect(await verdicts(range)).to.deep.equal([0, 0, 2])
    const elsewhere = await fairlead(['audit', await world().bundleFile(2n), '--anchor', range])
    expect(elsewhere.stderr).to.equal('not checked: bundle-chain: the anchor holds batches 0 to 1 only\n')
  })

  it('is of its block: what was accepted later is not in it', async () => {
    const reader = await LedgerReader.connect({ rpcUrl: world().rpc, ledger: world().ledger })
    const [first, second] = [await reader.batch(0n), await reader.batch(1n)]
    reader.close()
    const anchor = await world().anchorFile('--block', `${second?.blockNumber}`)
    const shown = JSON.parse((await fairlead(['anchor', 'show', anchor, '--json'])).stdout)
    expect(BigInt(shown.accepted) > 1n && BigInt(shown.accepted) <= lastBatch()).to.equal(true)
    const late = await fairlead(['audit', await world().bundleFile(lastBatch()), '--anchor', anchor])
    expect([late.exitCode, late.stdout]).to.deep.equal([2, `internally consistent only: ${scopeOf(late.stdout)}`])
    const before = await exported('--block', `${(first?.blockNumber ?? 0) - 1}`)
    expect([before.exitCode, failureCode(before)]).to.deep.equal([2, 'BATCH_NOT_ACCEPTED'])
  })

  it('can be shown, and compared by its digest', async () => {
    const file = await world().anchorFile()
    const { digest, records } = JSON.parse(await readFile(file, 'utf8'))
    const { stdout, exitCode } = await fairlead(['anchor', 'show', file])
    expect(exitCode).to.equal(0)
    expect(stdout)
      .to.include(`digest  ${digest}`)
      .and.include(`batches 0 to ${records.length - 1}, of ${records.length}`)
    const told = JSON.parse((await exported('--out', file, '--json')).stdout)
    expect(told).to.include({ file, chainId: '31337', ledger: world().ledger })
  })

  it('tells what it cannot do in one coded line', async () => {
    const none = `${await world().anchorFile()}.none`
    const bundle = await world().bundleFile(0n)
    const failures: Record<string, [code: string, args: readonly string[]]> = {
      'a batch that is not there': ['BATCH_NOT_ACCEPTED', ['anchor', 'export', ...world().chainArgs, '--batch', '999']],
      'a block that is not there': [
        'CHAIN_RECORD_INVALID',
        ['anchor', 'export', ...world().chainArgs, '--block', '99999'],
      ],
      'a folder that is not there': [
        'FILE_UNREADABLE',
        ['anchor', 'export', ...world().chainArgs, '--out', `${none}/a`],
      ],
      'an anchor that is not there': ['FILE_UNREADABLE', ['audit', bundle, '--anchor', none]],
      'a bundle for an anchor': ['ANCHOR_INVALID', ['audit', bundle, '--anchor', bundle]],
      'a view for a bundle': [
        'BUNDLE_INCOMPLETE',
        ['audit', await world().viewFile(0n), '--anchor', await world().anchorFile()],
      ],
    }
    for (const [what, [code, args]] of Object.entries(failures)) {
      const ran = await fairlead(args)
      expect([what, failureCode(ran), ran.exitCode]).to.deep.equal([what, code, 2])
    }
  })

  it('is not written when what the endpoint says cannot be', async () => {
    const lying: LyingRpc = await startLyingRpc(() => world().rpc)
    const args = ['--rpc', lying.url, '--ledger', world().ledger]
    const file = join(packageRoot(), 'build', 'no-anchor.json')
    await rm(file, { force: true })
    try {
      lying.tell(viewLie('epochOf', 7, 255))
      const ran = await fairlead(['anchor', 'export', ...args, '--out', file, '--json'])
      expect([ran.exitCode, JSON.parse(ran.stdout).failures[0].name]).to.deep.equal([1, 'policy-rules'])
      const missing = await readFile(file).catch(({ code }) => code)
      expect(missing).to.equal('ENOENT')
      // An endpoint that bends every record has one for every batch too.
      lying.tell(viewLie('recordOf', 0, 77))
      const bent = await fairlead(['audit', await world().bundleFile(1n), ...args, '--json'])
      expect(JSON.parse(bent.stdout).failures[0]).to.include({ name: 'chain-records' })
    } finally {
      await lying.close()
    }
  })

  it('is all that an audit needs, in a network namespace without interfaces', async function () {
    this.timeout(60_000)
    const alone = unshareWords()
    if (!canUnshare()) {
      console.warn('      SKIPPED: this system lets nobody make a network namespace')
      this.skip()
    }
    const isolated = (...command: readonly string[]) => run('unshare', [...alone, process.execPath, ...command])
    const reach = 'fetch(process.argv[1]).then(() => "reached", () => "no way").then((text) => console.log(text))'
    const { stdout: found } = await isolated('-p', 'Object.keys(os.networkInterfaces()).length')
    const { stdout: reached } = await isolated('-e', reach, world().rpc)
    expect([found, reached]).to.deep.equal(['0\n', 'no way\n'])
    const anchor = await world().anchorFile()
    const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js')
    const { stdout, stderr } = await isolated(main, 'audit', await world().bundleFile(1n), '--anchor', anchor)
    expect([stdout.startsWith('audit passed: 1 batches'), stderr]).to.deep.equal([true, ''])
  })
})

const scopeOf = (line: string): string => line.slice(line.indexOf(': ') + 2)
