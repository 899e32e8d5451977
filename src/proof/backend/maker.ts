import type { Groth16Proof } from '../groth16.ts'
import { CommandMaker } from './command.ts'
import { NativeMaker } from './native.ts'
import { SnarkjsMaker } from './snarkjs.ts'
import type { BackendSpec } from './spec.ts'

/** A circuit's proving key on disk, verified before. */
export interface KeyFile {
  readonly circuit: string
  /** Absolute path. */
  readonly zkey: string
  /** SHA-256 (hex) of the key, from the manifest. */
  readonly sha256: string
}

/** A proof and how long it took, ms, without loading the key where that is kept. */
export interface MadeProof {
  readonly proof: Groth16Proof
  readonly proveMs: number
}

/** Turns witnesses into proofs that nobody has checked yet. One at a time. */
export interface ProofMaker {
  /**
   * @param witness a whole .wtns file.
   * @throws ProverError PROOF_FAILED, PROVER_CRASHED.
   */
  prove(key: KeyFile, witness: Uint8Array<ArrayBuffer>): Promise<MadeProof>
}

/** @param workDir private folder for files that a command needs. */
export function proofMaker(spec: BackendSpec, workDir: string): ProofMaker {
  switch (spec.name) {
    case 'snarkjs':
      return new SnarkjsMaker()
    case 'native':
      return new NativeMaker(spec.binary)
    case 'command':
      return new CommandMaker(spec.words, workDir)
  }
}
