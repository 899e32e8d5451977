import { readFile } from 'node:fs/promises'
import { groth16 } from 'snarkjs'
import { Groth16ProofJson } from '../groth16.ts'
import type { KeyFile, MadeProof, ProofMaker } from './maker.ts'

/** snarkjs in this process, keys kept in memory. */
export class SnarkjsMaker implements ProofMaker {
  readonly #keys = new Map<string, Uint8Array>()

  async prove({ zkey }: KeyFile, witness: Uint8Array<ArrayBuffer>): Promise<MadeProof> {
    const key = this.#keys.get(zkey) ?? (await this.#load(zkey))
    const begun = performance.now()
    const { proof } = await groth16.prove({ type: 'mem', data: key }, { type: 'mem', data: witness })
    const proveMs = performance.now() - begun
    return { proof: Groth16ProofJson.parse(proof), proveMs }
  }

  async #load(zkey: string): Promise<Uint8Array> {
    // A view whose slices are copies, which a Buffer's are not and snarkjs expects.
    const key = new Uint8Array(await readFile(zkey))
    this.#keys.set(zkey, key)
    return key
  }
}
