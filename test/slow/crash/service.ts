/** A process that is there to be killed: loads the service, waits for its orders, then runs it as `fairlead start` does. See system.ts. */
import { type Serving, serve } from '../../../src/cli/start/local.ts'
import { ChildProver } from '../../../src/proof/backend/child-prover.ts'
import { ProverError } from '../../../src/proof/error.ts'
import { type Aim, interpose } from './interpose.ts'

/** What the process is told, once, when its time has come. */
export interface Orders {
  readonly dataDir: string
  readonly chainPort: number
  readonly circuit: string
  readonly aim?: Aim
  /** A new ledger is in sealed mode. */
  readonly sealed?: boolean
  /** `failing`: every proof fails. `idle`: none ends, for lives too short to prove anything. Default: as it is. */
  readonly prover?: 'failing' | 'idle'
}

/** What it tells. */
export type News =
  | { readonly event: 'loaded' }
  | { readonly event: 'ready'; readonly url: string; readonly rpc: string; readonly keys: Keys }
  | { readonly event: 'wrote'; readonly name: string }
  | { readonly event: 'unnamed'; readonly what: string }
  | { readonly event: 'quarantined'; readonly index: string }
  | { readonly event: 'failed'; readonly code: string; readonly message: string }
export type Keys = Readonly<Record<'retail' | 'institutional' | 'operator', string>>

/** What waits in a life waits less: it is short. */
const HASTE = { batchMaxAgeMs: 150, chainLookMs: 50 }

const tell = (news: News): void => void process.send?.(news)

process.once('message', (orders: Orders) => {
  run(orders).catch((error: Error & { code?: string }) => {
    tell({ event: 'failed', code: error.code ?? 'UNEXPECTED', message: `${error.stack}` })
    process.exitCode = 2
    process.disconnect()
  })
})
// Its parent is gone: nobody else would end it.
process.once('disconnect', () => process.exit())
tell({ event: 'loaded' })

async function run({ dataDir, chainPort, circuit, aim, prover, sealed = false }: Orders): Promise<void> {
  interpose({
    aim,
    wrote: (name) => tell({ event: 'wrote', name }),
    unnamed: (what) => tell({ event: 'unnamed', what }),
  })
  if (prover === 'idle') ChildProver.prototype.prove = () => new Promise(() => {})
  if (prover === 'failing')
    ChildProver.prototype.prove = async () => {
      throw new ProverError('PROOF_FAILED', 'told to fail')
    }
  // With snarkjs alone no start waits for a self-proof.
  const backend = prover === undefined ? 'auto' : 'snarkjs'
  const place = { dataDir, chainPort, circuit, host: '127.0.0.1', port: 0, limits: HASTE, system: !sealed, sealed }
  const serving = await serve({ ...place, prover: { backend }, logLevel: 'error' })
  const { local, http, keys } = serving
  process.on('message', (ask: { retry?: string; change?: true; stop?: true }) => {
    if (ask.retry !== undefined) void local.service.retryBatch(BigInt(ask.retry))
    // Refused while the epoch has no accepted batch: whoever asked asks again.
    if (ask.change) void local.service.changeEpoch().catch(() => {})
    if (ask.stop) void serving.stop().then(() => process.exit())
  })
  await follow(serving)
  tell({ event: 'ready', url: http.url, rpc: local.chain.url, keys })
}

/** Tells what is quarantined, and goes on in the next epoch, as the command does. */
async function follow(serving: Serving): Promise<void> {
  const { service } = serving.local
  service.events.on('batch', ({ index, state }) => {
    if (state === 'quarantined') tell({ event: 'quarantined', index: `${index}` })
  })
  // A prover that fails at once is done with a batch before anybody can listen.
  for (const { index, state } of await service.batches({ limit: 100 }))
    if (state === 'quarantined') tell({ event: 'quarantined', index: `${index}` })
  const goOn = async (): Promise<void> => {
    await serving.reopen()
    tell({ event: 'wrote', name: 'epoch-begun' })
    await follow(serving)
  }
  void service.over.then(goOn).catch((error: Error & { code?: string }) => {
    tell({ event: 'failed', code: error.code ?? 'UNEXPECTED', message: `${error.stack}` })
  })
}
