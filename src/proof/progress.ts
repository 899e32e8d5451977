import { SingleBar } from 'cli-progress'
import type { BuildProgress } from './compile.ts'

/** Shows how a build goes: a bar on a terminal, else one line for each stage. */
export interface BuildDisplay {
  readonly update: (progress: BuildProgress) => void
  /** Says how it ended; draws nothing afterwards. */
  readonly end: (summary: string) => void
}

const STAGES = { compile: 'compiling', key: 'making the dev key', store: 'verifying' } as const

/** @param name the circuit's name, shown first. */
export function showBuild(name: string, output: NodeJS.WriteStream = process.stderr): BuildDisplay {
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
  const bar = output.isTTY
    ? new SingleBar({ format: '{name} [{bar}] {stage}', stream: output, clearOnComplete: true })
    : undefined
  let stage: BuildProgress['stage'] | undefined
  return {
    update: (progress) => {
      const label = STAGES[progress.stage]
      if (progress.stage !== stage) {
        stage = progress.stage
        if (bar) bar.start(progress.total, progress.done, { name, stage: label })
        else output.write(`${name}: ${label}\n`)
      } else bar?.update(progress.done, { name, stage: label })
    },
    end: (summary) => {
      bar?.stop()
      output.write(`${name}: ${summary} (${seconds()} s)\n`)
    },
  }
}
