import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ProverError } from '../error.ts'
import { Groth16ProofJson } from '../groth16.ts'
import type { KeyFile, MadeProof, ProofMaker } from './maker.ts'

/** Programs write what they like beside the points: rapidsnark no `curve`, others a version. */
const ProofFile = z
  .looseObject({ pi_a: z.unknown(), pi_b: z.unknown(), pi_c: z.unknown() })
  .transform(({ pi_a, pi_b, pi_c }) => ({ pi_a, pi_b, pi_c, protocol: 'groth16', curve: 'bn128' }))
  .pipe(Groth16ProofJson)

/** Files of one call, by the names that placeholders have. */
type Files = Readonly<Record<'key' | 'wtns' | 'proof' | 'public', string>>

const PLACEHOLDER = /\{(key|wtns|proof|public)\}/g

/**
 * The whole command line of a call: `{key}`, `{wtns}`, `{proof}` and `{public}` are replaced wherever they stand; when there is none of them, the
 * four paths follow the words in this order, as rapidsnark (`prover`) and snarkjs (`snarkjs groth16 prove`) take them.
 */
export function commandArguments(words: readonly string[], files: Files): string[] {
  const replaced = words.map((word) => word.replace(PLACEHOLDER, (_, name: keyof Files) => files[name]))
  const asked = words.some((word) => word.search(PLACEHOLDER) >= 0)
  return asked ? replaced : [...words, files.key, files.wtns, files.proof, files.public]
}

/**
 * Runs a program for each proof, with files in a private folder, which is removed afterwards. What the program prints is thrown away: it may
 * hold parts of the witness.
 */
export class CommandMaker implements ProofMaker {
  readonly #words: readonly string[]
  readonly #workDir: string

  /** @param workDir a folder that only this user may enter. */
  constructor(words: readonly string[], workDir: string) {
    this.#words = words
    this.#workDir = workDir
  }

  async prove({ zkey }: KeyFile, witness: Uint8Array): Promise<MadeProof> {
    const folder = join(this.#workDir, randomUUID())
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      const at = (name: string) => join(folder, name)
      const files = { key: zkey, wtns: at('witness.wtns'), proof: at('proof.json'), public: at('public.json') }
      await writeFile(files.wtns, witness, { mode: 0o600 })
      const begun = performance.now()
      await run(commandArguments(this.#words, files), folder)
      const proveMs = performance.now() - begun
      return { proof: ProofFile.parse(JSON.parse(await readFile(files.proof, 'utf8'))), proveMs }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function run([program = '', ...args]: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: Error) =>
      reject(new ProverError('PROOF_FAILED', `the prover command ${why}`, { cause }))
    const child: ChildProcess = spawn(program, args, { cwd, stdio: 'ignore' })
    child.once('error', (cause) => fail('cannot be run', cause))
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else fail(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`)
    })
  })
}
