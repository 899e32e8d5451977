import { parentPort, workerData } from 'node:worker_threads'
import { bestWindow, CHUNK, type CurveModule, FixedBase, type GroupName } from './fixed-base.ts'

/** Scalars to multiply a group's generator by, and where the points go; both shared by all workers. */
export interface Job {
  readonly group: GroupName
  readonly scalars: SharedArrayBuffer
  readonly points: SharedArrayBuffer
}

/** What a worker starts with. `cursor` is one int32: the next chunk that no worker has taken. */
export interface WorkerTask {
  readonly curve: CurveModule
  readonly jobs: readonly Job[]
  readonly cursor: SharedArrayBuffer
  readonly workers: number
}

// Sent by src/proof/devkey/pool.ts, which is compiled with this file.
const task = workerData as WorkerTask
const cursor = new Int32Array(task.cursor)
const chunks = task.jobs.flatMap((job) => {
  const count = job.scalars.byteLength / 32
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => ({
    job,
    first: i * CHUNK,
    count: Math.min(CHUNK, count - i * CHUNK),
  }))
})

const tables = new Map<GroupName, FixedBase>()
for (let next = Atomics.add(cursor, 0, 1); next < chunks.length; next = Atomics.add(cursor, 0, 1)) {
  const chunk = chunks[next]
  if (!chunk) break
  const { job, first, count } = chunk
  const table = tables.get(job.group) ?? makeTable(job.group)
  table.multiply(new Uint8Array(job.scalars), first, count, new Uint8Array(job.points))
  parentPort?.postMessage(count)
}

function makeTable(group: GroupName): FixedBase {
  const total = task.jobs
    .filter((job) => job.group === group)
    .reduce((sum, job) => sum + job.scalars.byteLength / 32, 0)
  const table = new FixedBase(task.curve, group, bestWindow(total / task.workers))
  tables.set(group, table)
  return table
}
