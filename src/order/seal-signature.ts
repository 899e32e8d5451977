import type { Hex32 } from '../base/keccak.ts'
import { MessageType } from './domain.ts'

const TYPE = new MessageType('Seal', [
  ['epoch', 64],
  ['index', 64],
  ['sealHash', 256, 'bytes32'],
])

/** The EIP-712 digest by which the epoch's signer seals a batch in sealed mode: orders, time and served work, before the seed is known. */
export const sealDigest = (separator: Hex32, epoch: bigint, index: bigint, sealHash: Hex32): Hex32 =>
  TYPE.digest(separator, { epoch, index, sealHash: BigInt(sealHash) })
