import { recordAt } from '../../audit/anchor-checks.ts'
import type { Anchor } from '../../audit/anchor-schema.ts'
import type { CertificateWorld } from '../../audit/certificate.ts'
import { epochAt } from '../../audit/epoch-at.ts'
import type { LedgerReader } from '../../chain/reader.ts'

/** What an anchor can say of a certificate: it knows no deadline, and only the batches that it holds. */
export const worldOfAnchor = (anchor: Anchor): CertificateWorld => ({
  chainId: anchor.chainId,
  ledger: anchor.ledger,
  record: async (index) => recordAt(anchor, index) ?? 'unknown',
  signer: async (epoch) => anchor.epochs.find(({ epoch: number }) => number === epoch)?.signer,
  epochOf: async (index) => epochAt(anchor.epochs, index)?.epoch,
  timeS: anchor.block.time,
  deadlineS: undefined,
})

/** What the chain says now. */
export async function worldOfChain(reader: LedgerReader): Promise<CertificateWorld> {
  const { chainId, ledger, deadlineS } = reader.config
  const [epochs, latest] = await Promise.all([reader.epochs(), reader.blockNumber()])
  const block = await reader.block(latest)
  return {
    chainId,
    ledger,
    record: (index) => reader.record(index),
    signer: async (epoch) => epochs.find(({ epoch: number }) => number === epoch)?.signer,
    epochOf: async (index) => epochAt(epochs, index)?.epoch,
    timeS: BigInt(block?.timeS ?? 0),
    deadlineS,
  }
}
