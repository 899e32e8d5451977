import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildOptions } from '../compile.ts'
import { ensureCompiled } from '../compile.ts'
import { domainLog2 } from '../devkey/qap.ts'
import { ArtifactError } from '../error.ts'
import { type Artifacts, sha256 } from '../manifest.ts'
import { readR1csHeader } from '../r1cs.ts'
import { importCeremonyKey } from './import.ts'
import { type CeremonyTool, hashesIn, runTool } from './tool.ts'
import { type CeremonyStep, readTranscript, type Transcript, writeTranscript } from './transcript.ts'

/** Public randomness that is fixed by an event after the last contribution, such as a block's hash. */
export interface Beacon {
  /** Hex, an even number of digits. */
  readonly value: string
  /** The value is hashed 2^iterations times, which takes time and so lets nobody choose. snarkjs wants 10 to 63. */
  readonly iterations: number
}

/** Where a ceremony stands. */
export type CeremonyPhase = 'tau' | 'key' | 'finished'

/** Entropy of this machine for one contribution; the tool mixes in its own. @param more whatever its owner adds. */
const entropy = (more = ''): string => `${randomBytes(64).toString('hex')}${more.replaceAll(/\s+/g, ' ')}`

/**
 * A setup ceremony in a folder: every step makes one file and one entry of the transcript, so that it can be left and taken up again, and a step cut short
 * leaves nothing. The key is safe when one contributor of each phase was honest and forgot its secret.
 */
export class Ceremony {
  readonly #dir: string
  readonly #tool: CeremonyTool
  #transcript: Transcript

  private constructor(dir: string, tool: CeremonyTool, transcript: Transcript) {
    this.#dir = dir
    this.#tool = tool
    this.#transcript = transcript
  }

  /** Takes up the ceremony of a folder. @throws ArtifactError ARTIFACT_MISSING, ARTIFACT_INVALID. */
  static async open(dir: string, tool: CeremonyTool): Promise<Ceremony> {
    return new Ceremony(dir, tool, await readTranscript(dir))
  }

  /**
   * Begins a ceremony for a circuit as it compiles here.
   * @param options.ptau powers of tau from elsewhere, prepared for phase 2: then phase 1 is over. @param options.power else how far to reach; the circuit's size by default.
   * @throws ArtifactError CEREMONY_INVALID when the folder has one already; CIRCUIT_UNKNOWN, CIRCUIT_COMPILE_FAILED.
   */
  static async start(
    dir: string,
    tool: CeremonyTool,
    circuit: string,
    options: BuildOptions & { readonly power?: number | undefined; readonly ptau?: string | undefined } = {},
  ): Promise<Ceremony> {
    if (await readTranscript(dir).catch(missing)) throw refused(`${dir} holds a ceremony already`)
    const { r1cs } = await ensureCompiled(circuit, options)
    await mkdir(dir, { recursive: true })
    await copyFile(r1cs, join(dir, 'circuit.r1cs'))
    const power = options.power ?? domainLog2(await readR1csHeader(r1cs))
    const transcript: Transcript = { version: 1, circuit, r1cs: await sha256(r1cs), power, steps: [] }
    const ceremony = new Ceremony(dir, tool, transcript)
    const { ptau } = options
    if (ptau === undefined) await ceremony.#step('tau-new', ['powersoftau', 'new', 'bn128', `${power}`, OUT])
    else {
      await runTool(tool, ['powersoftau', 'verify', ptau])
      await ceremony.#keep('tau-given', (out) => copyFile(ptau, out).then(() => []))
      await ceremony.#newKey()
    }
    return ceremony
  }

  /** What was done so far. */
  get transcript(): Transcript {
    return this.#transcript
  }

  get phase(): CeremonyPhase {
    const last = this.#transcript.steps.at(-1)?.action
    if (last === 'key-beacon') return 'finished'
    return last?.startsWith('key-') ? 'key' : 'tau'
  }

  /** Path of the file that the next contributor gets. */
  get latest(): string {
    return this.#path(this.#transcript.steps.at(-1)?.file ?? '')
  }

  /** A contribution made on this machine. @param more entropy that its owner adds. */
  async contribute(by: string, more?: string): Promise<void> {
    if (this.phase === 'finished') throw refused('the ceremony is finished')
    const what = this.phase === 'tau' ? 'powersoftau' : 'zkey'
    const args = [what, 'contribute', this.latest, OUT, `--name=${by}`]
    await this.#step(`${this.phase}-contribution`, args, { by, input: entropy(more) })
  }

  /**
   * Takes a contribution that came back from elsewhere, once it is known to be valid and to hold every one before it.
   * @throws ArtifactError CEREMONY_INVALID.
   */
  async accept(file: string, by: string): Promise<void> {
    if (this.phase === 'finished') throw refused('the ceremony is finished')
    const { phase } = this
    await this.#keep(
      `${phase}-contribution`,
      async (out) => {
        await copyFile(file, out)
        // snarkrs, unlike snarkjs, refuses a first key, for having no contribution; then it refuses a copy of it below as well.
        const before = await this.#contributions(this.latest).catch((error: Error) => {
          if (error.message.includes('has no contribution')) return []
          throw error
        })
        const after = await this.#contributions(out)
        if (before.every((hash) => after.includes(hash)) && after.length > before.length) return after.slice(-1)
        throw refused(`${file} does not add to the latest contribution`)
      },
      { by },
    )
  }

  /** Ends phase 1: beacon, preparation, verification; then the first key of phase 2. @throws ArtifactError CEREMONY_INVALID. */
  async closeTau(beacon: Beacon): Promise<void> {
    if (this.phase !== 'tau') throw refused('phase 1 is over')
    this.#assertContributed('tau-contribution')
    if (!this.#did('tau-beacon')) await this.#beacon('tau-beacon', 'powersoftau', beacon)
    if (!this.#did('tau-prepared'))
      await this.#step('tau-prepared', ['powersoftau', 'prepare', 'phase2', this.latest, OUT])
    await runTool(this.#tool, ['powersoftau', 'verify', this.#prepared])
    await this.#newKey()
  }

  /** Ends phase 2: beacon and verification of every contribution. @throws ArtifactError CEREMONY_INVALID. */
  async finish(beacon: Beacon): Promise<void> {
    if (this.phase !== 'key') throw refused(this.phase === 'tau' ? 'phase 1 is not over' : 'the ceremony is finished')
    this.#assertContributed('key-contribution')
    await this.#contributions(this.latest)
    await this.#beacon('key-beacon', 'zkey', beacon)
  }

  /** Makes the finished key the circuit's own; snarkjs checks all of it once more. */
  async import(options: BuildOptions = {}): Promise<Artifacts> {
    if (this.phase !== 'finished') throw refused('the ceremony is not finished')
    return importCeremonyKey(this.#transcript.circuit, this.latest, this.#prepared, options)
  }

  /** Hashes of the contributions in a file, once the tool has verified them. */
  async #contributions(file: string): Promise<string[]> {
    const verified =
      this.phase === 'tau'
        ? ['powersoftau', 'verify', file]
        : ['zkey', 'verify', this.#path('circuit.r1cs'), this.#prepared, file]
    return hashesIn(await runTool(this.#tool, verified))
  }

  async #newKey(): Promise<void> {
    await this.#step('key-new', ['groth16', 'setup', this.#path('circuit.r1cs'), this.#prepared, OUT])
  }

  async #beacon(action: 'tau-beacon' | 'key-beacon', what: string, beacon: Beacon): Promise<void> {
    const { value, iterations } = beacon
    const args = [what, 'beacon', this.latest, OUT, value, `${iterations}`, '--name=beacon']
    await this.#step(action, args, { beacon: { value, iterations } })
  }

  /** Runs the tool for one step. @param args with {@link OUT} where its file goes. */
  async #step(
    action: CeremonyStep['action'],
    args: readonly string[],
    facts: Pick<CeremonyStep, 'by' | 'beacon'> & { readonly input?: string } = {},
  ): Promise<void> {
    const { input, ...rest } = facts
    const run = async (out: string): Promise<string[]> =>
      hashesIn(
        await runTool(
          this.#tool,
          args.map((arg) => (arg === OUT ? out : arg)),
          input,
        ),
      )
    await this.#keep(action, run, rest)
  }

  /** Keeps a step's file and entry once both are whole. @param make writes the file and gives hashes. */
  async #keep(
    action: CeremonyStep['action'],
    make: (out: string) => Promise<readonly string[]>,
    facts: Pick<CeremonyStep, 'by' | 'beacon'> = {},
  ): Promise<void> {
    const { steps } = this.#transcript
    const extension = action.startsWith('tau') ? 'ptau' : 'zkey'
    const file = `${String(steps.length).padStart(4, '0')}-${action}.${extension}`
    const draft = `${this.#path(file)}.draft.${extension}`
    await rm(draft, { force: true })
    try {
      const hashes = [...(await make(draft))]
      const step = { action, file, sha256: await sha256(draft), ...facts, hashes, tool: this.#tool, at: now() }
      await rename(draft, this.#path(file))
      this.#transcript = { ...this.#transcript, steps: [...steps, step] }
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    await writeTranscript(this.#dir, this.#transcript)
  }

  #assertContributed(action: CeremonyStep['action']): void {
    if (!this.#did(action)) throw refused('nobody has contributed to this phase')
  }

  #did(action: CeremonyStep['action']): boolean {
    return this.#transcript.steps.some((step) => step.action === action)
  }

  get #prepared(): string {
    const step = this.#transcript.steps.find(({ action }) => action === 'tau-prepared' || action === 'tau-given')
    return this.#path(step?.file ?? '')
  }

  #path(file: string): string {
    return join(this.#dir, file)
  }
}

/** Contributes to a file on a contributor's own machine. @throws ArtifactError CEREMONY_INVALID. */
export async function contributeTo(
  tool: CeremonyTool,
  from: string,
  to: string,
  by: string,
  more?: string,
): Promise<string[]> {
  const what = from.endsWith('.ptau') ? 'powersoftau' : 'zkey'
  return hashesIn(await runTool(tool, [what, 'contribute', from, to, `--name=${by}`], entropy(more)))
}

/** Stands for the file that a step writes. */
const OUT = '<out>'

const now = (): string => new Date().toISOString()

const refused = (why: string): ArtifactError => new ArtifactError('CEREMONY_INVALID', why)

const missing = (error: unknown): undefined => {
  if (error instanceof ArtifactError && error.code === 'ARTIFACT_MISSING') return undefined
  throw error
}
