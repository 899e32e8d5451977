#!/usr/bin/env node
import { run } from './run.ts'
import { EXIT } from './shared/exit.ts'

/** npm passes a terminal's Ctrl-C on to a process that had it from the terminal already: two signals so close are one. */
const SAME_PRESS_MS = 500

const interrupted = new AbortController()
let pressed = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!interrupted.signal.aborted) {
      pressed = performance.now()
      interrupted.abort()
    } else if (performance.now() - pressed > SAME_PRESS_MS) {
      // A second one does not wait for anything: what is durable survives, as after a killed process.
      process.exit(EXIT.interrupted)
    }
  })
}

// A reader that has seen enough (`fairlead … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.unable),
)

const { stdout, stderr, env } = process
process.exitCode = await run(process.argv.slice(2), { stdout, stderr, env, interrupted: interrupted.signal })
