declare module 'circomlibjs' {
  /** Opaque element in Montgomery form. */
  type Element = Uint8Array
  export function buildPoseidon(): Promise<{
    (inputs: bigint[], initialState?: bigint): Element
    F: { toObject(element: Element): bigint }
  }>
  /** EVM code of Poseidon for a number of inputs, as 0x-prefixed hex. */
  export const poseidonContract: { createCode(inputs: number): string }
}
