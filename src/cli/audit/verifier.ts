import { verifyingKeyOf } from '../../audit/key-words.ts'
import { type ProofCheck, type ProofClaim, verifyWords } from '../../audit/proof-check.ts'
import { NativeVerifier, type VerifyItem } from '../../proof/backend/native-verifier.ts'
import { isProofWords, proofFromWords } from '../../proof/calldata.ts'
import { ProverError } from '../../proof/error.ts'
import { findNativeProver } from '../../proof/native/find.ts'
import { isProofPoints } from '../../proof/verify.ts'

/** What `--verifier` takes. */
export const VERIFIERS = ['auto', 'native', 'snarkjs'] as const
export type VerifierChoice = (typeof VERIFIERS)[number]

/** A way to verify proofs, to be closed after use. */
export interface OpenVerifier {
  readonly name: 'native' | 'snarkjs'
  readonly verify: ProofCheck
  readonly close: () => void
}

/**
 * Opens a verifier: the native one where it is built, snarkjs otherwise.
 * @throws ProverError PROVER_UNAVAILABLE when the native one is asked for and not built.
 */
export function openVerifier(choice: VerifierChoice = 'auto', binary = findNativeProver()): OpenVerifier {
  if (choice === 'native' && binary === undefined)
    throw new ProverError(
      'PROVER_UNAVAILABLE',
      'the native prover is not built: run "npm run build:prover", which needs Go',
    )
  if (choice === 'snarkjs' || binary === undefined) return { name: 'snarkjs', verify: verifyWords, close: () => {} }
  const native = new NativeVerifier(binary)
  const verify: ProofCheck = (claims) => verifyNative(native, claims)
  return { name: 'native', verify, close: () => native.close() }
}

/** Runs with a verifier, and closes it. */
export async function withVerifier<T>(
  choice: VerifierChoice | undefined,
  use: (verifier: OpenVerifier) => Promise<T>,
): Promise<T> {
  const verifier = openVerifier(choice)
  try {
    return await use(verifier)
  } finally {
    verifier.close()
  }
}

async function verifyNative(native: NativeVerifier, claims: readonly ProofClaim[]): Promise<boolean[]> {
  const valid = new Array<boolean>(claims.length).fill(false)
  for (const [at, group] of byKey(claims)) {
    const key = verifyingKeyOf(claims[at]?.keyWords ?? [])
    if (!key) continue
    const items: VerifyItem[] = []
    const places: number[] = []
    for (const i of group) {
      const { signals = [], proof = [] } = claims[i] ?? {}
      // What is no proof at all needs no pairing, and must not spoil the request for the others.
      if (!isProofWords(proof) || !isProofPoints(proofFromWords(proof))) continue
      items.push({ proof: proofFromWords(proof), signals })
      places.push(i)
    }
    const answers = await native.verify(key, items)
    for (const [k, i] of places.entries()) valid[i] = answers[k] === true
  }
  return valid
}

/** Indices of claims by their key, under the index of the first one that has it. */
function byKey(claims: readonly ProofClaim[]): Map<number, number[]> {
  const first = new Map<string, number>()
  const groups = new Map<number, number[]>()
  for (const [i, { keyWords }] of claims.entries()) {
    const text = `${keyWords}`
    const at = first.get(text) ?? i
    first.set(text, at)
    groups.set(at, [...(groups.get(at) ?? []), i])
  }
  return groups
}
