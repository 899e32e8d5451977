import type { Groth16Proof } from './groth16.ts'
import { g2Words } from './vkey.ts'

/** A proof as the `uint256[8]` of the contracts: a.x, a.y, b.x1, b.x0, b.y1, b.y0, c.x, c.y. */
export type ProofWords = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]

/** Whether a list has the length of a proof's words. */
export const isProofWords = (words: readonly bigint[]): words is ProofWords => words.length === 8

/** Proof → EVM words. G2's coordinates are swapped, imaginary part first, as EIP-197 wants them. */
export function proofWords({ a, b, c }: Groth16Proof): ProofWords {
  const [x1 = 0n, x0 = 0n, y1 = 0n, y0 = 0n] = g2Words(b)
  return [a[0], a[1], x1, x0, y1, y0, c[0], c[1]]
}

/** EVM words → proof, the inverse of {@link proofWords}; points are not checked here. */
export function proofFromWords([ax, ay, bx1, bx0, by1, by0, cx, cy]: ProofWords): Groth16Proof {
  return {
    a: [ax, ay],
    b: [
      [bx0, bx1],
      [by0, by1],
    ],
    c: [cx, cy],
  }
}
