/** Whole processes, timed from outside, with the most memory that they held. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { BenchError } from './report.ts'

export interface ProcessRun {
  readonly processMs: number
  /** Peak resident memory, MiB; `undefined` where there is no /proc. Sampled, so what came in the last few ms is missed. */
  readonly peakMiB: number | undefined
}

const SAMPLE_MS = 10

/** Runs a program to its end. @throws BenchError BENCH_FAILED when it does not end well. */
export function runProcess([program = '', ...args]: readonly string[]): Promise<ProcessRun> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(program, args, { stdio: 'ignore' })
    let peakMiB: number | undefined
    const sampler = setInterval(() => {
      if (child.pid !== undefined) peakMiB = peakOf(child.pid) ?? peakMiB
    }, SAMPLE_MS)
    const fail = (why: string, cause?: Error) => {
      clearInterval(sampler)
      reject(new BenchError('BENCH_FAILED', `${program} ${args[0] ?? ''} ${why}`, { cause }))
    }
    child.once('error', (cause) => fail('cannot be run', cause))
    child.once('exit', (code, signal) => {
      clearInterval(sampler)
      if (code === 0) resolve({ processMs: performance.now() - begun, peakMiB })
      else fail(`ended with ${signal ?? code}`)
    })
  })
}

/** Peak resident memory of a running process, MiB. */
export function peakOf(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}
