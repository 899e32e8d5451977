/** The parts of npm's circom2 that the tests use; the package has no types of its own. */
declare module 'circom2' {
  export const bindings: Readonly<Record<string, unknown>>
  export class CircomRunner {
    constructor(options: {
      args: readonly string[]
      env: Readonly<Record<string, string | undefined>>
      preopens: Readonly<Record<string, string>>
      bindings: Readonly<Record<string, unknown>>
    })
    /** Runs the compiler's WASM as a program. @throws when it exits with another code than 0. */
    execute(wasm: Uint8Array): Promise<unknown>
  }
}
