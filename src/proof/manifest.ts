import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { CircuitSpec } from './catalog.ts'
import { ArtifactError } from './error.ts'
import { readR1csHeader } from './r1cs.ts'
import { assertSafeKey, parseVerifyingKey, type VerifyingKey, verifyingKeyJson } from './vkey.ts'
import { readZkey } from './zkey.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What a folder of artifacts holds, beside `manifest.json`. The symbols file is there too, unlisted: nothing trusts it. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  ...CircuitSpec.pick({ kind: true, shards: true, slots: true, public: true }).shape,
  constraints: z.int().min(1),
  /** What the compiler says its version is. */
  compiler: z.string(),
  /** SHA-256 over the circuit's sources, compiler version and flags. */
  sourceHash: Sha256,
  /** SHA-256 of each file. */
  files: z.strictObject({ r1cs: Sha256, wasm: Sha256, zkey: Sha256, vkey: Sha256 }),
  /** A dev key's secrets follow from its seed; a ceremony's key was checked against the powers of tau with this SHA-256. */
  key: z.discriminatedUnion('origin', [
    z.strictObject({ origin: z.literal('dev'), seed: z.string(), derivation: z.string() }),
    z.strictObject({ origin: z.literal('ceremony'), ptau: Sha256 }),
  ]),
})
export type Manifest = z.infer<typeof Manifest>

/** The files' names in the folder. */
export const ARTIFACT_FILES = {
  r1cs: 'circuit.r1cs',
  wasm: 'circuit.wasm',
  zkey: 'circuit.zkey',
  vkey: 'verification_key.json',
} as const

/** A circuit's artifacts, verified: the manifest, absolute paths, and the parsed verification key. */
export interface Artifacts {
  readonly dir: string
  readonly manifest: Manifest
  readonly paths: Readonly<Record<keyof typeof ARTIFACT_FILES, string>>
  readonly verifyingKey: VerifyingKey
}

/**
 * Reads a folder of artifacts and trusts nothing in it that does not fit together: every file has its SHA-256, the r1cs, the zkey and the
 * vkey agree, the vkey is the one inside the zkey, and the key is none that proofs can be forged under.
 * @throws ArtifactError ARTIFACT_MISSING, ARTIFACT_INVALID (with the file's name), KEY_UNSAFE, KEY_MISMATCH, R1CS_INVALID, ZKEY_INVALID, VKEY_INVALID.
 */
export async function loadArtifacts(dir: string): Promise<Artifacts> {
  const manifest = await readManifest(dir)
  const paths = artifactPaths(dir)
  // Object.entries loses the names that the paths fix.
  for (const [file, path] of Object.entries(paths) as [keyof typeof paths, string][]) {
    if ((await sha256(path)) === manifest.files[file]) continue
    throw new ArtifactError('ARTIFACT_INVALID', `${ARTIFACT_FILES[file]} does not have the SHA-256 of its manifest`, {
      details: { file: ARTIFACT_FILES[file] },
    })
  }
  const verifyingKey = parseVerifyingKey(JSON.parse(await readFile(paths.vkey, 'utf8')))
  await assertConsistent(paths.r1cs, paths.zkey, verifyingKey, manifest.public.length)
  return { dir, manifest, paths, verifyingKey }
}

/**
 * Checks that constraint system, proving key and verification key belong together and that the key is safe.
 * @param publics number of public signals that the circuit's specification has.
 * @throws ArtifactError KEY_UNSAFE, KEY_MISMATCH.
 */
export async function assertConsistent(r1cs: string, zkey: string, key: VerifyingKey, publics: number): Promise<void> {
  const [system, proving] = await Promise.all([readR1csHeader(r1cs), readZkey(zkey)])
  assertSafeKey(key, publics)
  const same = JSON.stringify(verifyingKeyJson(proving.key)) === JSON.stringify(verifyingKeyJson(key))
  if (same && system.wires === proving.wires && system.publics === publics && proving.publics === publics) return
  throw new ArtifactError('KEY_MISMATCH', 'r1cs, zkey and verification key do not belong together')
}

/** @throws ArtifactError ARTIFACT_MISSING when there is no manifest, ARTIFACT_INVALID when it is malformed. */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, 'manifest.json'), 'utf8').catch((cause) => {
    throw new ArtifactError('ARTIFACT_MISSING', `no circuit artifacts in ${dir}`, { cause })
  })
  try {
    return Manifest.parse(JSON.parse(text))
  } catch (cause) {
    throw new ArtifactError('ARTIFACT_INVALID', 'manifest.json is malformed', {
      cause,
      details: { file: 'manifest.json' },
    })
  }
}

/** Where a circuit's files lie; whether they do, and hold, {@link loadArtifacts} tells. */
export function artifactPaths(dir: string): Artifacts['paths'] {
  const { r1cs, wasm, zkey, vkey } = ARTIFACT_FILES
  return { r1cs: join(dir, r1cs), wasm: join(dir, wasm), zkey: join(dir, zkey), vkey: join(dir, vkey) }
}

/** SHA-256 (hex) of a file. @throws ArtifactError ARTIFACT_MISSING. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash).catch((cause) => {
    throw new ArtifactError('ARTIFACT_MISSING', `cannot read ${path}`, { cause })
  })
  return hash.digest('hex')
}

/** Chains of nobody's money: anvil's and hardhat's 31337, ganache's and geth --dev's 1337. */
const DEV_CHAINS: readonly bigint[] = [31337n, 1337n]

/**
 * Refuses a dev key wherever money could depend on it: anyone who knows its seed can prove anything.
 * @throws ArtifactError DEV_KEY_FORBIDDEN.
 */
export function assertKeyAllowed(manifest: Manifest, chainId: bigint | number): void {
  if (manifest.key.origin !== 'dev' || DEV_CHAINS.includes(BigInt(chainId))) return
  throw new ArtifactError('DEV_KEY_FORBIDDEN', `circuit ${manifest.name} has a dev key, refused on chain ${chainId}`, {
    details: { circuit: manifest.name, chainId: String(chainId) },
  })
}
