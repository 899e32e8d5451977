import { computeAddress, getBytes, hexlify } from 'ethers'
import { pointFromScalar, signRecoverable } from 'tiny-secp256k1'
import { OutOfRangeError } from '../base/error.ts'
import type { Hex32 } from '../base/keccak.ts'
import { batchDigest } from '../order/batch-signature.ts'
import type { Receipt } from '../order/receipt.ts'
import { receiptDigest } from '../order/receipt.ts'
import { sealDigest } from '../order/seal-signature.ts'
import type { SignedReceipt } from './api.ts'
import type { Placement } from './open-batch.ts'

/** The receipt that a row stands for: a pure function of it. */
export const receiptOf = ({ epoch, batch, slot, commitment, assignment, time }: Placement): Receipt => ({
  epoch,
  batch,
  slot,
  commitment,
  assignment,
  time,
})

/** Signs for one epoch under one domain, deterministically (RFC 6979, s in the lower half): the same row gives the same receipt, for ever. */
export class EpochSigner {
  readonly address: string
  readonly #key: Uint8Array
  readonly #separator: Hex32

  /**
   * @param key a secp256k1 private key, 0x-prefixed hex.
   * @param separator the ledger's EIP-712 domain separator.
   */
  constructor(key: string, separator: Hex32) {
    this.#key = getBytes(key)
    this.#separator = separator
    const point = pointFromScalar(this.#key, true)
    if (!point) throw new OutOfRangeError('OUT_OF_RANGE', 'not a secp256k1 private key')
    this.address = computeAddress(hexlify(point))
  }

  /** @param entry a row that is committed: signing first could leave a receipt without one. */
  receipt(entry: Placement): SignedReceipt {
    const receipt = receiptOf(entry)
    return { ...receipt, signature: this.#sign(receiptDigest(this.#separator, receipt)) }
  }

  /** {@link receipt} of each, in this thread. */
  receipts = async (entries: readonly Placement[]): Promise<SignedReceipt[]> =>
    entries.map((entry) => this.receipt(entry))

  /** Stands for a batch. @param statementHash keccak V. */
  batch(epoch: bigint, index: bigint, statementHash: Hex32): string {
    return this.#sign(batchDigest(this.#separator, epoch, index, statementHash))
  }

  /** Stands for a batch before its seed is known. @param sealHash of its time, counters and commitments. */
  seal(epoch: bigint, index: bigint, sealHash: Hex32): string {
    return this.#sign(sealDigest(this.#separator, epoch, index, sealHash))
  }

  /** 65 bytes: r, s, v (27 or 28). */
  #sign(digest: Hex32): string {
    const { signature, recoveryId } = signRecoverable(getBytes(digest), this.#key)
    return `0x${Buffer.from(signature).toString('hex')}${(27 + recoveryId).toString(16)}`
  }
}
