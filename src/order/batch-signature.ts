import type { Hex32 } from '../base/keccak.ts'
import { MessageType } from './domain.ts'

const TYPE = new MessageType('Batch', [
  ['epoch', 64],
  ['index', 64],
  ['statementHash', 256, 'bytes32'],
])

/** The EIP-712 digest by which the epoch's signer stands for a batch: without it a prover could submit one of its own. */
export const batchDigest = (separator: Hex32, epoch: bigint, index: bigint, statementHash: Hex32): Hex32 =>
  TYPE.digest(separator, { epoch, index, statementHash: BigInt(statementHash) })
