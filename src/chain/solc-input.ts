import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/**
 * The settings under which every contract is built: gas matters more than deployment cost, as long as the ledger stays below EIP-170's limit, and the target is
 * Prague (EIP-2935, EIP-7623).
 */
const settings = {
  viaIR: true,
  optimizer: { enabled: true, runs: 2_000 },
  evmVersion: 'prague',
  // No metadata hash: the same sources give the same bytes on every machine.
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: {
    '*': {
      '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
    },
  },
} as const

/** A solc standard-JSON request. */
export interface SolcInput {
  readonly language: 'Solidity'
  readonly sources: Readonly<Record<string, { readonly content: string }>>
  readonly settings: typeof settings
}

/** Everything under `contracts/`, as one standard-JSON request; source names are paths below the package root, with `/`. */
export function solcInput(root: string): SolcInput {
  const folder = join(root, 'contracts')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'))
  const entries = files
    .sort()
    .map(
      (file) =>
        [`contracts/${file.split(sep).join('/')}`, { content: readFileSync(join(folder, file), 'utf8') }] as const,
    )
  return { language: 'Solidity', sources: Object.fromEntries(entries), settings }
}

/** SHA-256, in hex, of the compiler's version and the request: equal keys mean equal artifacts. */
export function cacheKey(version: string, input: SolcInput): string {
  return createHash('sha256')
    .update(`${version}\n${JSON.stringify(input)}`)
    .digest('hex')
}
