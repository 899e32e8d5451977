import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Groth16ProofJson } from '../groth16.ts'
import type { KeyFile, MadeProof, ProofMaker } from './maker.ts'
import { Sidecar, sidecarCode } from './sidecar.ts'

const Proved = z.looseObject({ proof: Groth16ProofJson, proveMs: z.number().nonnegative() })

const Verified = z.looseObject({ valid: z.boolean() })

/** The compact form of a proving key, beside the key, so that both go together when artifacts are made anew. */
export const keyCachePath = (zkey: string): string => join(dirname(zkey), 'circuit.nkey')

/** `fairlead-prover serve`, started with the first proof and again when it has crashed; keys stay loaded in it. */
export class NativeMaker implements ProofMaker {
  readonly #binary: string
  #sidecar: Sidecar | undefined
  /** SHA-256 of the key that each circuit was loaded with. */
  readonly #loaded = new Map<string, string>()

  constructor(binary: string) {
    this.#binary = binary
  }

  async prove(key: KeyFile, witness: Uint8Array): Promise<MadeProof> {
    const sidecar = await this.#ready(key)
    return Proved.parse(await sidecar.request({ op: 'prove', circuit: key.circuit }, witness))
  }

  /**
   * Whether all of some proofs are valid, checked at once. The circuit must have been proven before, so that its key is loaded.
   * @param items proofs as snarkjs has them, signals in decimal.
   */
  async verify(circuit: string, items: readonly object[]): Promise<boolean> {
    const { valid } = Verified.parse(await this.#sidecar?.request({ op: 'verify', circuit, items }))
    return valid
  }

  /** Process id of the sidecar, while it runs. */
  get pid(): number | undefined {
    return this.#sidecar?.pid
  }

  /** Ends the sidecar. */
  close(): void {
    this.#sidecar?.kill()
  }

  async #ready({ circuit, zkey, sha256 }: KeyFile): Promise<Sidecar> {
    if (!this.#sidecar?.alive) {
      this.#sidecar = new Sidecar(this.#binary)
      this.#loaded.clear()
    }
    const sidecar = this.#sidecar
    if (this.#loaded.get(circuit) === sha256) return sidecar
    try {
      await sidecar.request({ op: 'load', circuit, zkey, sha256, cache: keyCachePath(zkey) })
    } catch (error) {
      if (sidecarCode(error) === undefined) sidecar.kill()
      throw error
    }
    this.#loaded.set(circuit, sha256)
    return sidecar
  }
}
