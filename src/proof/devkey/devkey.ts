import { readR1cs } from '../r1cs.ts'
import { packScalars } from './arithmetic.ts'
import { multiplyGenerators } from './pool.ts'
import { domainLog2, evaluateQap } from './qap.ts'
import { deriveToxicWaste } from './waste.ts'
import { writeZkey } from './zkey-file.ts'

/**
 * Makes a Groth16 proving key straight from a constraint system, with secrets that anyone can derive from the seed: quick and
 * reproducible to the byte, and worthless as a proof of anything to others. For development and tests only.
 * @param zkeyPath must not exist yet; on failure a partial file may be left there.
 * @param onProgress scalar multiplications done and in all.
 * @throws ArtifactError R1CS_INVALID, KEY_UNSAFE, KEY_WORKER_FAILED.
 */
export async function makeDevKey(
  r1csPath: string,
  zkeyPath: string,
  seed: string,
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const r1cs = await readR1cs(r1csPath)
  const waste = deriveToxicWaste(seed)
  const scalars = evaluateQap(r1cs, waste)
  const requests = [
    { group: 'g1m', scalars: packScalars([waste.alpha, waste.beta, waste.delta]) },
    { group: 'g1m', scalars: scalars.ic },
    { group: 'g1m', scalars: scalars.a },
    { group: 'g1m', scalars: scalars.b },
    { group: 'g1m', scalars: scalars.c },
    { group: 'g1m', scalars: scalars.h },
    { group: 'g2m', scalars: packScalars([waste.beta, waste.gamma, waste.delta]) },
    { group: 'g2m', scalars: scalars.b },
  ] as const
  const empty = new Uint8Array()
  const [secrets1 = empty, ic = empty, a = empty, b1 = empty, c = empty, h = empty, secrets2 = empty, b2 = empty] =
    await multiplyGenerators(requests, onProgress)
  await writeZkey(zkeyPath, r1cs, domainLog2(r1cs), { secrets1, secrets2, ic, a, b1, b2, c, h })
}
