import type { BatchEvent, ServiceBus } from '../../service/events.ts'
import { printJson, type Terminal } from '../shared/terminal.ts'
import type { LiveView } from './live-view.ts'

/** Shows nothing: with `--json` standard output is for objects. */
export const quietView: LiveView = { line: () => {}, status: () => {}, end: () => {} }

/** Writes a line of JSON for each step of a batch. @returns stops writing. */
export function eventLines(terminal: Terminal, bus: ServiceBus): () => void {
  const onBatch = (batch: BatchEvent): void => printJson(terminal, { event: 'batch', ...batch })
  bus.on('batch', onBatch)
  return () => void bus.off('batch', onBatch)
}
