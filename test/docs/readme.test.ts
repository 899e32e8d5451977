import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { packageRoot } from '../../src/proof/root.ts'
import { freePort } from '../contracts/chain.ts'

const read = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8')
const blocks = (language: string): string[] =>
  [...read('README.md').matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) =>
    block.trim(),
  )

describe('README.md', function () {
  this.timeout(120_000)
  const [start = '', test = '', ...commands] = blocks('sh')
  let service: ChildProcess
  let env: NodeJS.ProcessEnv
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-readme-'))

  before(async () => {
    const [port, chainPort] = [await freePort(), await freePort()]
    const args = [
      'start',
      '--no-sample',
      '--json',
      '--circuit',
      'two-choice-4-8',
      '--data-dir',
      folder,
      '--port',
      `${port}`,
      '--chain-port',
      `${chainPort}`,
    ]
    service = spawn(process.execPath, ['fairlead', ...args], {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (!service.stdout) throw new Error('the service has no output')
    for await (const line of createInterface(service.stdout)) {
      const ready: { event: string; url: string; rpc: string; ledger: string } = JSON.parse(line)
      if (ready.event !== 'ready') continue
      const place = {
        FAIRLEAD_URL: ready.url,
        FAIRLEAD_DATA_DIR: folder,
        FAIRLEAD_RPC: ready.rpc,
        FAIRLEAD_LEDGER: ready.ledger,
      }
      env = { ...process.env, ...place }
      break
    }
    service.stdout.resume()
  })
  after(async () => {
    if (service.exitCode === null) {
      const ended = once(service, 'exit')
      service.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  it('its first two commands are what CI runs', () => {
    const ci = read('.ci/run')
    for (const command of [...start.split(' && '), ...test.split(' && ')]) expect(ci).to.include(`suite ${command}`)
  })

  for (const command of commands) {
    it(`\`${command}\` works against a running service`, async () => {
      const { stdout } = await promisify(execFile)('sh', ['-euc', command], { cwd: packageRoot(), env })
      expect(stdout).not.to.equal('')
    })
  }

  it('its Solidity stands in a contract that is tested', () => {
    for (const block of blocks('solidity')) expect(read('contracts/mocks/SettlementConsumer.sol')).to.include(block)
  })

  it('its links lead to files', () => {
    const links = [...read('README.md').matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !path.startsWith('http') && !existsSync(join(packageRoot(), path)))).to.deep.equal([])
  })

  it('links in docs lead to files', () => {
    for (const page of [
      'docs/guides/run.md',
      'docs/guides/http.md',
      'docs/guides/audit.md',
      'docs/guides/replay.md',
      'src/README.md',
      'contracts/README.md',
    ]) {
      const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path)
      const missing = links.filter(
        (path) => !path.startsWith('http') && !existsSync(join(packageRoot(), dirname(page), path)),
      )
      expect(missing, page).to.deep.equal([])
    }
  })
})
