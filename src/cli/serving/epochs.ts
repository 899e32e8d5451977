import type { PolicyView } from '../../service/api.ts'
import type { FairleadService } from '../../service/service.ts'
import { print, printJson, type Terminal } from '../shared/terminal.ts'

/** Whether the service gives no more receipts in its epoch, which ends in order. */
export const isEnding = async (service: FairleadService): Promise<boolean> =>
  (await service.readiness()).some(({ name, ok }) => name === 'ended' && !ok)

/** @returns whether the service goes on in another epoch; false for Ctrl-C. */
export async function overOrInterrupted(over: Promise<void>, interrupted: AbortSignal): Promise<boolean> {
  const aborted = new Promise((resolve) => interrupted.addEventListener('abort', resolve, { once: true }))
  if (!interrupted.aborted) await Promise.race([over, aborted])
  return !interrupted.aborted
}

/** Says which epoch the service goes on in. */
export function showEpoch(
  terminal: Terminal,
  { epoch, policyHash, sealedMode }: PolicyView,
  json: boolean | undefined,
): void {
  const mode = sealedMode ? 'sealed' : 'instant'
  if (json) printJson(terminal, { event: 'epoch', epoch, mode, policyHash })
  else print(terminal, `epoch ${epoch} begins, in ${mode} mode, under policy ${policyHash}`)
}
