import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { findNativeProver } from '../native/find.ts'

const run = promisify(execFile)

/**
 * Makes the same dev key as `makeDevKey`, byte for byte, by `fairlead-prover setup`: seconds in place of minutes.
 * @param zkeyPath must not exist yet.
 * @param onBegin called when there is a native prover, before it starts.
 * @returns false when there is no native prover or it failed; then nothing lies at `zkeyPath`.
 */
export async function makeNativeDevKey(
  r1csPath: string,
  zkeyPath: string,
  seed: string,
  onBegin: () => void,
): Promise<boolean> {
  const binary = findNativeProver()
  if (binary === undefined) return false
  onBegin()
  try {
    await run(binary, ['setup', `--seed=${seed}`, r1csPath, zkeyPath])
    return true
  } catch {
    await rm(zkeyPath, { force: true })
    return false
  }
}
