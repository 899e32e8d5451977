import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { jsonOf } from '../../base/json.ts'
import { ArtifactError } from '../error.ts'
import { sha256 } from '../manifest.ts'
import { writeWhole } from '../whole-file.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One thing that was done. Its file is in the ceremony's folder; a later step replaces none. */
export const CeremonyStep = z.strictObject({
  action: z.enum([
    'tau-new',
    'tau-given',
    'tau-contribution',
    'tau-beacon',
    'tau-prepared',
    'key-new',
    'key-contribution',
    'key-beacon',
  ]),
  file: z.string().regex(/^[a-z0-9.-]+$/),
  sha256: Sha256,
  /** Who contributed. */
  by: z.string().optional(),
  /** Public randomness that nobody knew before, and how often it was hashed (2 to this power). */
  beacon: z.strictObject({ value: z.string(), iterations: z.int() }).optional(),
  /** Hashes that the tool printed for this step. */
  hashes: z.array(z.string()),
  tool: z.string(),
  at: z.iso.datetime(),
})
export type CeremonyStep = z.infer<typeof CeremonyStep>

/** What `transcript.json` holds: enough to repeat every check. */
export const Transcript = z.strictObject({
  version: z.literal(1),
  circuit: z.string(),
  /** Of `circuit.r1cs` in the folder. */
  r1cs: Sha256,
  /** The powers of tau reach to 2^power. */
  power: z.int().min(4).max(28),
  steps: z.array(CeremonyStep),
})
export type Transcript = z.infer<typeof Transcript>

const FILE = 'transcript.json'

/**
 * Reads a folder's transcript and checks the file that its last step left.
 * @throws ArtifactError ARTIFACT_MISSING, ARTIFACT_INVALID.
 */
export async function readTranscript(dir: string): Promise<Transcript> {
  const path = join(dir, FILE)
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ArtifactError('ARTIFACT_MISSING', `no ceremony in ${dir}: there is no ${FILE}`, { cause })
  })
  const { data } = Transcript.safeParse(jsonOf(text))
  if (!data) throw new ArtifactError('ARTIFACT_INVALID', `${path} is malformed`, { details: { file: FILE } })
  await assertFile(dir, 'circuit.r1cs', data.r1cs)
  const last = data.steps.at(-1)
  if (last) await assertFile(dir, last.file, last.sha256)
  return data
}

/** Writes the transcript whole or not at all. */
export async function writeTranscript(dir: string, transcript: Transcript): Promise<void> {
  await writeWhole(join(dir, FILE), `${JSON.stringify(transcript, null, 2)}\n`)
}

async function assertFile(dir: string, file: string, expected: string): Promise<void> {
  if ((await sha256(join(dir, file))) === expected) return
  throw new ArtifactError('ARTIFACT_INVALID', `${file} does not have the SHA-256 of the transcript`, {
    details: { file },
  })
}
