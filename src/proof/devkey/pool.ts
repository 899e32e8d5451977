import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { curves } from 'snarkjs'
import { ArtifactError } from '../error.ts'
import { type CurveModule, type GroupName, POINT_BYTES } from './fixed-base.ts'
import type { Job, WorkerTask } from './worker.ts'

/** Most workers at once: each holds tables of up to about 100 MB. */
const MOST_WORKERS = 8

/**
 * Multiplies the generators of G1 and G2 by packed scalars, in worker threads.
 * @param requests scalars of 32 little-endian bytes each, reduced mod p.
 * @param onProgress scalars done and scalars in all.
 * @returns For each request its affine points (Montgomery, little endian), the same bytes whatever the number of workers.
 * @throws ArtifactError KEY_WORKER_FAILED.
 */
export async function multiplyGenerators(
  requests: readonly { readonly group: GroupName; readonly scalars: SharedArrayBuffer }[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Uint8Array[]> {
  const jobs: Job[] = requests.map(({ group, scalars }) => ({
    group,
    scalars,
    points: new SharedArrayBuffer((scalars.byteLength / 32) * POINT_BYTES[group]),
  }))
  const total = jobs.reduce((sum, job) => sum + job.scalars.byteLength / 32, 0)
  const task: WorkerTask = {
    curve: await curveModule(),
    jobs,
    cursor: new SharedArrayBuffer(4),
    workers: Math.max(1, Math.min(availableParallelism(), MOST_WORKERS)),
  }
  let done = 0
  const advance = (count: number) => {
    done += count
    onProgress(done, total)
  }
  const workers = Array.from({ length: task.workers }, () => startWorker(task, advance))
  try {
    await Promise.all(workers.map(({ finished }) => finished))
  } finally {
    await Promise.all(workers.map(({ worker }) => worker.terminate()))
  }
  return jobs.map(({ points }) => new Uint8Array(points))
}

function startWorker(task: WorkerTask, advance: (count: number) => void): { worker: Worker; finished: Promise<void> } {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task, execArgv: [] })
  const finished = new Promise<void>((resolve, reject) => {
    const fail = (cause?: unknown) => reject(new ArtifactError('KEY_WORKER_FAILED', 'a key worker failed', { cause }))
    worker.on('message', advance)
    worker.once('error', fail)
    worker.once('exit', (code) => (code === 0 ? resolve() : fail()))
  })
  return { worker, finished }
}

async function curveModule(): Promise<CurveModule> {
  const { G1, G2, tm } = await curves.getCurveFromName('bn128', { singleThread: true })
  const generators = { g1m: G1.toAffine(G1.g), g2m: G2.toAffine(G2.g) }
  return { module: new WebAssembly.Module(tm.code), generators }
}
