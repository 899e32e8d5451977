/** What makes a backend, as plain data that can be passed to a process. */
export type BackendSpec =
  | { readonly name: 'snarkjs' }
  /** @param binary path of `fairlead-prover`. */
  | { readonly name: 'native'; readonly binary: string }
  /** @param words program and first arguments; see {@link commandArguments} for the rest. */
  | { readonly name: 'command'; readonly words: readonly string[] }

/** Their names, in no order of preference; {@link backendSpecs} has that. */
export const BACKENDS = ['native', 'snarkjs', 'command'] as const
