import { copyFile } from 'node:fs/promises'
import { artifactsDir, storeArtifacts } from '../build.ts'
import { type BuildOptions, ensureCompiled } from '../compile.ts'
import { ArtifactError } from '../error.ts'
import { withLock } from '../lock.ts'
import { type Artifacts, sha256 } from '../manifest.ts'
import { runTool } from './tool.ts'

/**
 * Takes in the proving key of a ceremony, in place of any dev key. snarkjs checks every contribution and every point of it against the
 * circuit as compiled here and the powers of tau; a key without a phase 2 contribution is refused (its gamma2 equals its delta2).
 * @param zkeyPath, ptauPath absolute paths; the powers of tau must be prepared for phase 2 and large enough.
 * @throws ArtifactError CEREMONY_INVALID when snarkjs refuses the key, with what it said; KEY_UNSAFE, KEY_MISMATCH, ZKEY_INVALID, ARTIFACT_MISSING,
 * CIRCUIT_UNKNOWN, CIRCUIT_COMPILE_FAILED.
 */
export async function importCeremonyKey(
  name: string,
  zkeyPath: string,
  ptauPath: string,
  options: BuildOptions = {},
): Promise<Artifacts> {
  const compiled = await ensureCompiled(name, options)
  const ptau = await sha256(ptauPath)
  return withLock(artifactsDir(name, options), () =>
    storeArtifacts(name, compiled, options, async (zkey) => {
      // The copy is what is verified and kept, so the original cannot change in between.
      await copyFile(zkeyPath, zkey).catch((cause) => {
        throw new ArtifactError('ARTIFACT_MISSING', `cannot read ${zkeyPath}`, { cause })
      })
      await runTool('snarkjs', ['zkey', 'verify', compiled.r1cs, ptauPath, zkey])
      return { origin: 'ceremony', ptau }
    }),
  )
}
