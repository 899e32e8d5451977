import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { ChainError } from './error.ts'

const Hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/)

/** One compiled contract, as kept under `build/contracts/NAME.json`. */
export const Artifact = z.strictObject({
  name: z.string(),
  /** Path of the source below the package root. */
  source: z.string(),
  abi: z.array(z.looseObject({ type: z.string() })),
  bytecode: Hex,
  deployedBytecode: Hex,
  /** Byte offsets of immutables in `deployedBytecode`, by AST id; the deployed code differs from it only there. */
  immutables: z.record(z.string(), z.array(z.strictObject({ start: z.int(), length: z.int() }))),
  /** Bytes of code on chain; the limit is 24,576 (EIP-170). */
  size: z.int(),
})
export type Artifact = z.infer<typeof Artifact>

/** Where compiled contracts live, below the package root. */
export function artifactFolder(root: string): string {
  return join(root, 'build', 'contracts')
}

/**
 * Reads one compiled contract.
 * @throws ChainError `ARTIFACT_MISSING` when it was not built.
 */
export function readArtifact(root: string, name: string): Artifact {
  const file = join(artifactFolder(root), `${name}.json`)
  if (!existsSync(file)) {
    throw new ChainError('ARTIFACT_MISSING', `no compiled contract ${name}: run npm run build:contracts`, {
      details: { name },
    })
  }
  return Artifact.parse(JSON.parse(readFileSync(file, 'utf8')))
}
