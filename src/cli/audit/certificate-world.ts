import { recordAt } from '../../audit/anchor-checks.ts'
import type { Anchor } from '../../audit/anchor-schema.ts'
import type { CertificateWorld, ReportAnswer } from '../../audit/certificate-world.ts'
import { epochAt } from '../../audit/epoch-at.ts'
import { isVoid } from '../../audit/is-void.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import type { SystemReader } from '../../chain/system-reader.ts'

/** What an anchor can say of a certificate: it knows no deadline, and only the batches that it holds. */
export const worldOfAnchor = (anchor: Anchor): CertificateWorld => ({
  chainId: anchor.chainId,
  ledger: anchor.ledger,
  record: async (index) => recordAt(anchor, index) ?? 'unknown',
  signer: async (epoch) => anchor.epochs.find(({ epoch: number }) => number === epoch)?.signer,
  epochOf: async (index) => epochAt(anchor.epochs, index)?.epoch,
  isVoid: async (epoch, batch) => isVoid(anchor.epochs, epoch, batch),
  answerOf: async () => 'unknown',
  timeS: anchor.block.time,
  deadlineS: undefined,
})

/** What the chain says now. @param system what stands around the ledger, where it is known. */
export async function worldOfChain(reader: LedgerReader, system?: SystemReader): Promise<CertificateWorld> {
  const { chainId, ledger, deadlineS } = reader.config
  const [epochs, latest] = await Promise.all([reader.epochs(), reader.blockNumber()])
  const block = await reader.block(latest)
  return {
    chainId,
    ledger,
    record: (index) => reader.record(index),
    signer: async (epoch) => epochs.find(({ epoch: number }) => number === epoch)?.signer,
    epochOf: async (index) => epochAt(epochs, index)?.epoch,
    isVoid: async (epoch, batch) => isVoid(epochs, epoch, batch),
    answerOf: (batch, shard): Promise<ReportAnswer> =>
      system
        ? system.answerTo(batch, shard, { fromBlock: reader.fromBlock, toBlock: latest })
        : Promise.resolve('unknown'),
    timeS: BigInt(block?.timeS ?? 0),
    deadlineS,
  }
}
