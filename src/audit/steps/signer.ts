import { batchDigest } from '../../order/batch-signature.ts'
import { domainSeparator, type SigningDomain, signerOf } from '../../order/domain.ts'
import { statementHash } from '../../statement/statement.ts'
import { equal } from '../check.ts'
import type { EpochRecord } from '../records.ts'
import type { ChecksOf } from '../step.ts'

/** A batch whose signature is looked at. */
export interface SignedBatch {
  readonly config: SigningDomain
  readonly epoch: Pick<EpochRecord, 'epoch' | 'signer'>
  readonly index: bigint
  readonly words: readonly bigint[]
  /** 64 or 65 bytes in hex. */
  readonly signature: string
}

/** The epoch's signer stands for this V: no prover can submit a batch of its own. */
export const signer = {
  *batch({ config, epoch, index, words, signature }: SignedBatch): ChecksOf<'signer'> {
    const found = isUint64(epoch.epoch)
      ? signerOf(batchDigest(domainSeparator(config), epoch.epoch, index, statementHash(words)), signature)
      : undefined
    yield equal('batch-signature', { batch: index }, epoch.signer, found ?? 'no valid signature')
  },
}

const isUint64 = (value: bigint): boolean => value === BigInt.asUintN(64, value)
