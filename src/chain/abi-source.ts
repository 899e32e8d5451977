import { Interface } from 'ethers'
import { readArtifact } from './artifact.ts'

/** Contracts whose interfaces the clients know. */
export const CLIENT_CONTRACTS = [
  'PolicyRegistry',
  'RoutingLedger',
  'VerifierFactory',
  'Groth16Verifier',
  'Bond',
  'ReceiptChallenges',
  'ReportChallenges',
  'ForcedInbox',
  'SegmentRegistry',
  'Redemption',
  'Reputation',
] as const

/** The text of `abi.ts`, made from compiled contracts; constructors are left out, as only `deploy.ts` needs them, from the artifact. */
export function abiSource(root: string): string {
  const tables = CLIENT_CONTRACTS.map((name) => {
    const lines = new Interface(readArtifact(root, name).abi).format().filter((line) => !line.startsWith('constructor'))
    const constant = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
    return `export const ${constant}_ABI = [\n${lines.map((line) => `  '${line}',\n`).join('')}] as const\n`
  })
  return `// Generated from contracts/ by \`node dist/scripts/build-contracts.js --abi\`: do not edit. Browsers read it too, so it imports nothing.\n\n${tables.join('\n')}`
}
