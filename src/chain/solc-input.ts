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
} as const
const OUTPUT = {
  '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
}

/** Contracts that are compiled together: those of a bare ledger, which a first start waits for, or all others. */
export const CONTRACT_SETS = ['ledger', 'others'] as const
export type ContractSet = (typeof CONTRACT_SETS)[number]
const LEDGER: readonly string[] = [
  'contracts/BlockHashSeedSource.sol',
  'contracts/EpochTerms.sol',
  'contracts/PolicyRegistry.sol',
  'contracts/RoutingLedger.sol',
  'contracts/SettlementGate.sol',
  'contracts/verifier/VerifierFactory.sol',
]

/** A solc standard-JSON request. */
export interface SolcInput {
  readonly language: 'Solidity'
  readonly sources: Readonly<Record<string, { readonly content: string }>>
  readonly settings: typeof settings & { readonly outputSelection: Readonly<Record<string, typeof OUTPUT>> }
}

/** A request for a set of the contracts under `contracts/`; source names are paths below the package root, with `/`. */
export function solcInput(root: string, set: ContractSet): SolcInput {
  const folder = join(root, 'contracts')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'))
  const entries = files
    .sort()
    .map(
      (file) =>
        [`contracts/${file.split(sep).join('/')}`, { content: readFileSync(join(folder, file), 'utf8') }] as const,
    )
  const wanted = entries.map(([name]) => name).filter((name) => LEDGER.includes(name) === (set === 'ledger'))
  return solcRequest(Object.fromEntries(entries), wanted)
}

/** A request for the contracts of some of the given sources, by default of all. */
export function solcRequest(
  sources: SolcInput['sources'],
  wanted: readonly string[] = Object.keys(sources),
): SolcInput {
  const outputSelection = Object.fromEntries(wanted.map((name) => [name, OUTPUT]))
  return { language: 'Solidity', sources, settings: { ...settings, outputSelection } }
}

/** SHA-256, in hex, of the compiler's version and the request: equal keys mean equal artifacts. */
export function cacheKey(version: string, input: SolcInput): string {
  return createHash('sha256')
    .update(`${version}\n${JSON.stringify(input)}`)
    .digest('hex')
}
