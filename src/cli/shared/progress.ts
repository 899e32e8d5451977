import { SingleBar } from 'cli-progress'
import { note, type Terminal } from './terminal.ts'

/** How far a long work is. */
export interface Progress {
  /** @param done of the total. @param status a few words behind the numbers. */
  update(done: number, status?: string): void
  /** Draws nothing afterwards. */
  end(): void
}

/** Without a terminal, a line is written at every tenth of the way. */
const LINES = 10

/**
 * A bar on a terminal, plain lines without one, nothing when `quiet`; always on standard error, so that results stay clean.
 * @param label what is counted, such as `orders`.
 */
export function startProgress(terminal: Terminal, label: string, total: number, quiet = false): Progress {
  if (quiet) return { update: () => {}, end: () => {} }
  return terminal.stderr.isTTY ? bar(terminal, label, total) : lines(terminal, label, total)
}

function bar({ stderr }: Terminal, label: string, total: number): Progress {
  const single = new SingleBar({
    format: `${label} [{bar}] {value}/{total} {status}`,
    // cli-progress wants a TTY stream; that it is one was just asked.
    stream: stderr as NodeJS.WriteStream,
    hideCursor: true,
    clearOnComplete: false,
  })
  single.start(total, 0, { status: '' })
  return { update: (done, status = '') => single.update(done, { status }), end: () => single.stop() }
}

function lines(terminal: Terminal, label: string, total: number): Progress {
  let written = -1
  return {
    update(done, status = '') {
      const step = total === 0 ? LINES : Math.floor((LINES * done) / total)
      if (step === written) return
      written = step
      note(terminal, `${label}: ${done}/${total}${status && ` (${status})`}`)
    },
    end: () => {},
  }
}
