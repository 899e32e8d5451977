import { BOOT_STEPS, type BootOptions, type BootStep } from '../../service/bootstrap.ts'
import { CliError } from '../shared/exit.ts'
import type { LiveView } from './live-view.ts'

/** Shows each step of a start with the time that it took; a first Ctrl-C ends the start at the next step. */
export function bootView(view: LiveView, interrupted: AbortSignal): NonNullable<BootOptions['onStep']> {
  const began = new Map<BootStep, number>()
  return (step, state) => {
    if (interrupted.aborted) throw new CliError('INTERRUPTED', 'stopped by Ctrl-C')
    const label = BOOT_STEPS[step]
    if (state === 'begun') {
      began.set(step, performance.now())
      view.status(`${label} …`)
    } else if (state === 'done') {
      const seconds = (performance.now() - (began.get(step) ?? performance.now())) / 1000
      view.line(`${label.padEnd(26)} ${seconds.toFixed(1)} s`)
    } else view.status(`${label} … ${state.done} of ${state.total}`)
  }
}
