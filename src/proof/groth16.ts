import type { SnarkjsProof } from 'snarkjs'
import { z } from 'zod'
import type { G1Point, G2Point } from './bn254.ts'

/** A Groth16 proof: three affine points of BN254; extension elements real part first, as snarkjs has them. */
export interface Groth16Proof {
  readonly a: G1Point
  readonly b: G2Point
  readonly c: G1Point
}

const Coordinate = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/)
  .transform(BigInt)
const G1 = z.tuple([Coordinate, Coordinate, z.literal('1')]).transform(([x, y]): G1Point => [x, y])
const Pair = z.tuple([Coordinate, Coordinate])
const G2 = z.tuple([Pair, Pair, z.tuple([z.literal('1'), z.literal('0')])]).transform(([x, y]): G2Point => [x, y])

/** snarkjs's proof.json (decimal strings, projective with z = 1) to a proof. Points are not checked here; verification does. */
export const Groth16ProofJson = z
  .strictObject({ pi_a: G1, pi_b: G2, pi_c: G1, protocol: z.literal('groth16'), curve: z.literal('bn128') })
  .transform(({ pi_a: a, pi_b: b, pi_c: c }): Groth16Proof => ({ a, b, c }))

/** The proof as snarkjs writes it. */
export function proofJson({ a, b, c }: Groth16Proof): SnarkjsProof {
  return {
    pi_a: [`${a[0]}`, `${a[1]}`, '1'],
    pi_b: [
      [`${b[0][0]}`, `${b[0][1]}`],
      [`${b[1][0]}`, `${b[1][1]}`],
      ['1', '0'],
    ],
    pi_c: [`${c[0]}`, `${c[1]}`, '1'],
    protocol: 'groth16',
    curve: 'bn128',
  }
}
