import { Interface, isCallException, isError } from 'ethers'
import {
  BOND_ABI,
  FORCED_INBOX_ABI,
  GROTH16_VERIFIER_ABI,
  POLICY_REGISTRY_ABI,
  RECEIPT_CHALLENGES_ABI,
  REDEMPTION_ABI,
  REPORT_CHALLENGES_ABI,
  REPUTATION_ABI,
  ROUTING_LEDGER_ABI,
  SEGMENT_REGISTRY_ABI,
} from './abi.ts'
import { ChainError } from './error.ts'

const known = new Interface([
  ...new Set(
    [
      ...POLICY_REGISTRY_ABI,
      ...ROUTING_LEDGER_ABI,
      ...GROTH16_VERIFIER_ABI,
      ...BOND_ABI,
      ...RECEIPT_CHALLENGES_ABI,
      ...REPORT_CHALLENGES_ABI,
      ...FORCED_INBOX_ABI,
      ...SEGMENT_REGISTRY_ABI,
      ...REDEMPTION_ABI,
      ...REPUTATION_ABI,
    ].filter((line) => line.startsWith('error')),
  ),
])

/** Runs a call and names what went wrong; errors that are already ours pass through. @throws ChainError. */
export async function naming<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw chainError(error)
  }
}

/** ethers' error as one of ours; `details.error` and `details.args` hold the contract's custom error. */
export function chainError(error: unknown): unknown {
  if (error instanceof ChainError) return error
  if (isCallException(error)) {
    const custom = error.data && error.data !== '0x' ? known.parseError(error.data) : null
    const name = custom?.name ?? 'unknown'
    const details = { error: name, args: custom ? [...custom.args] : [], transaction: error.receipt?.hash }
    return new ChainError('TRANSACTION_REVERTED', `the contract refused: ${name}`, { cause: error, details })
  }
  for (const code of [
    'INSUFFICIENT_FUNDS',
    'NONCE_EXPIRED',
    'REPLACEMENT_UNDERPRICED',
    'TRANSACTION_REPLACED',
  ] as const) {
    if (isError(error, code))
      return new ChainError('TRANSACTION_REFUSED', `the node refused the transaction: ${code}`, {
        cause: error,
        details: { code },
      })
  }
  if (isError(error, 'BAD_DATA'))
    return new ChainError('CHAIN_RECORD_INVALID', 'a contract answered in another form', { cause: error })
  return new ChainError('CHAIN_UNREACHABLE', 'the chain did not answer', { cause: error })
}
