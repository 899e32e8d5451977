/** The part of snarkjs 0.7 that is used here; the package has no types of its own. */
declare module 'snarkjs' {
  /** A file by its path, or one held in memory. */
  export type FileLike = string | { type: 'mem'; data?: Uint8Array }

  export interface SnarkjsProof {
    pi_a: string[]
    pi_b: string[][]
    pi_c: string[]
    protocol: string
    curve: string
  }

  /** A group of ffjavascript's WASM curve. Points are bytes, affine or Jacobian by their length. */
  export interface Group {
    readonly g: Uint8Array
    toAffine(point: Uint8Array): Uint8Array
    timesScalar(point: Uint8Array, scalar: bigint | Uint8Array): Uint8Array
    fromObject(point: readonly (bigint | readonly bigint[])[]): Uint8Array
    isZero(point: Uint8Array): boolean
    eq(a: Uint8Array, b: Uint8Array): boolean
    toRprLEM(buffer: Uint8Array, offset: number, point: Uint8Array): void
  }

  /** ffjavascript's curve; `tm` is its thread manager. */
  export interface Curve {
    readonly name: string
    readonly G1: Group
    readonly G2: Group
    /** The WASM module's bytes; only when built with `singleThread`. */
    readonly tm: { readonly code: Uint8Array<ArrayBuffer> }
    terminate(): Promise<void>
  }

  export interface Logger {
    info(message: string): void
    debug(message: string): void
    warn(message: string): void
    error(message: string): void
  }

  export const curves: { getCurveFromName(name: string, options?: { singleThread?: boolean }): Promise<Curve> }

  export const groth16: {
    prove(zkey: FileLike, witness: FileLike, logger?: Logger): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>
    verify(vkey: unknown, publicSignals: unknown, proof: unknown, logger?: Logger): Promise<boolean>
  }

  export const powersOfTau: {
    newAccumulator(curve: Curve, power: number, file: FileLike, logger?: Logger): Promise<Uint8Array>
    contribute(from: FileLike, to: FileLike, name: string, entropy: string, logger?: Logger): Promise<Uint8Array>
    preparePhase2(from: FileLike, to: FileLike, logger?: Logger): Promise<void>
  }

  export const zKey: {
    newZKey(r1cs: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<Uint8Array>
    contribute(from: FileLike, to: FileLike, name: string, entropy: string, logger?: Logger): Promise<Uint8Array>
    verifyFromR1cs(r1cs: FileLike, ptau: FileLike, zkey: FileLike, logger?: Logger): Promise<boolean>
    exportVerificationKey(zkey: FileLike, logger?: Logger): Promise<Record<string, unknown>>
  }
}
