import { type Curve, curves, groth16 } from 'snarkjs'
import { isFieldElement } from '../base/field.ts'
import { type G2Point, GROUP_ORDER, isG1Point, isOnTwist } from './bn254.ts'
import { type Groth16Proof, proofJson } from './groth16.ts'
import { type VerifyingKey, verifyingKeyJson } from './vkey.ts'

/**
 * Verifies a Groth16 proof as the chain does: in particular every public signal must be below p and every point valid (coordinates below
 * q, on its curve, b in the subgroup of order p), which snarkjs leaves in part to its caller. Points at infinity are refused: no honest prover makes one.
 * Runs in Node and in browsers, starts no worker and keeps no process alive; about 30 ms of this thread's time.
 * @param key trusted; its points were checked when it was parsed.
 * @returns False for anything but a valid proof; never throws on account of its arguments' values.
 */
export async function verifyProof(
  key: VerifyingKey,
  publicSignals: readonly bigint[],
  proof: Groth16Proof,
): Promise<boolean> {
  if (publicSignals.length !== key.ic.length - 1 || !publicSignals.every(isFieldElement)) return false
  if (!isProofPoints(proof)) return false
  const curve = await useCurve()
  if (!inSubgroup(curve, proof.b)) return false
  return groth16.verify(verifyingKeyJson(key), publicSignals.map(String), proofJson(proof))
}

/** Whether the points of a proof are reduced and on their curves; whether b is in the subgroup, only verification tells. */
export const isProofPoints = ({ a, b, c }: Groth16Proof): boolean => isG1Point(a) && isOnTwist(b) && isG1Point(c)

function inSubgroup({ G2 }: Curve, [x, y]: G2Point): boolean {
  return G2.isZero(G2.timesScalar(G2.fromObject([x, y, [1n, 0n]]), GROUP_ORDER))
}

/**
 * The place where ffjavascript caches the curve that snarkjs uses. When it is empty, snarkjs starts a worker for each core, which
 * keep Node from exiting and need a lax content security policy in browsers; a curve without workers verifies as fast.
 */
const cache: { curve_bn128?: Curve | null } = globalThis as never
let single: Promise<Curve> | undefined

async function useCurve(): Promise<Curve> {
  if (cache.curve_bn128) return cache.curve_bn128
  single ??= curves.getCurveFromName('bn128', { singleThread: true })
  const curve = await single
  cache.curve_bn128 ??= curve
  return curve
}
