import { expect } from 'chai'
import { Interface, isCallException } from 'ethers'
import { readArtifact } from '../../src/chain/artifact.ts'
import { packageRoot } from '../../src/proof/root.ts'

const CONTRACTS = [
  'PolicyRegistry',
  'RoutingLedger',
  'VerifierFactory',
  'Groth16Verifier',
  'SettlementConsumer',
  'BlockHashSeedSource',
  'Bond',
  'ReceiptChallenges',
  'ReportChallenges',
  'ForcedInbox',
  'SegmentRegistry',
  'Redemption',
  'Reputation',
]

/** Expects a call to be refused with the custom error `name`, and with `args` when they are given. */
export async function expectRevert(call: Promise<unknown>, name: string, args?: readonly unknown[]): Promise<void> {
  const errors = CONTRACTS.flatMap((contract) =>
    readArtifact(packageRoot(), contract).abi.filter(({ type }) => type === 'error'),
  )
  const known = new Interface(errors)
  let found: string
  let foundArgs: unknown[] = []
  try {
    await call
    found = 'no error'
  } catch (error) {
    if (!isCallException(error)) throw error
    const custom = error.data ? known.parseError(error.data) : null
    found = custom?.name ?? `no custom error: ${error.message}`
    foundArgs = custom ? custom.args.toArray() : []
  }
  expect(found).to.equal(name)
  if (args) expect(foundArgs).to.deep.equal(args)
}
