import { z } from 'zod'
import type { Groth16Proof } from '../groth16.ts'
import { proofJson } from '../groth16.ts'
import { type VerifyingKey, verifyingKeyJson } from '../vkey.ts'
import { Sidecar } from './sidecar.ts'

const Verified = z.looseObject({ valid: z.boolean(), bad: z.array(z.int().min(0)).optional() })

/** A proof with the signals that it is said to have. */
export interface VerifyItem {
  readonly proof: Groth16Proof
  readonly signals: readonly bigint[]
}

/** The native prover as a verifier: many proofs of one key in one pairing check, and the bad ones by name. It needs the key alone, no circuit. */
export class NativeVerifier {
  readonly #binary: string
  #sidecar: Sidecar | undefined

  constructor(binary: string) {
    this.#binary = binary
  }

  /**
   * @returns for each item whether it is valid.
   * @throws ProverError PROVER_CRASHED; PROOF_FAILED when the key or the request is refused.
   */
  async verify(key: VerifyingKey, items: readonly VerifyItem[]): Promise<boolean[]> {
    if (items.length === 0) return []
    if (!this.#sidecar?.alive) this.#sidecar = new Sidecar(this.#binary)
    const sent = items.map(({ proof, signals }) => ({ proof: proofJson(proof), publicSignals: signals.map(String) }))
    const answer = await this.#sidecar.request({ op: 'verify', vkey: verifyingKeyJson(key), items: sent })
    const { valid, bad = [] } = Verified.parse(answer)
    const wrong = new Set(bad)
    // An answer that says "not all" and names none is taken at its worst.
    return items.map((_, i) => valid || (wrong.size > 0 && !wrong.has(i)))
  }

  /** Ends the process. */
  close(): void {
    this.#sidecar?.kill()
  }
}
