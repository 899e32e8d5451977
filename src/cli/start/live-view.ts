import type { Terminal } from '../shared/terminal.ts'

/** Clears the line that the cursor is on. */
const CLEAR = '\r\u001b[K'

/** Lines that stay, with one status line below them that is redrawn; without a terminal the lines alone. */
export interface LiveView {
  /** A line that stays. */
  line(text: string): void
  /** Replaces the status line. */
  status(text: string): void
  /** Takes the status line away; lines may follow. */
  end(): void
}

/** @param stdout where to write; `columns` bounds the status line. */
export function liveView(
  stdout: Terminal['stdout'] & { readonly isTTY?: boolean; readonly columns?: number },
): LiveView {
  if (stdout.isTTY !== true) return { line: (text) => void stdout.write(`${text}\n`), status: () => {}, end: () => {} }
  let current = ''
  const draw = (): void => void stdout.write(`${CLEAR}${current.slice(0, (stdout.columns ?? 80) - 1)}`)
  return {
    line(text) {
      stdout.write(`${CLEAR}${text}\n`)
      draw()
    },
    status(text) {
      current = text
      draw()
    },
    end() {
      current = ''
      stdout.write(CLEAR)
    },
  }
}
