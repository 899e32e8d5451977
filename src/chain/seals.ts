import { type Contract, getAddress, type TransactionReceipt } from 'ethers'
import type { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import { ask, parse } from './ask.ts'
import { SealEvent, SealFields } from './reader-schema.ts'
import type { Acceptance, ChainSeal } from './records.ts'

/** A seal as the ledger keeps it. */
export type KeptSeal = z.output<typeof SealFields>

/** How a batch of an epoch in sealed mode was sealed; `undefined` while it is not. @throws ChainError. */
export async function sealOf(ledger: Contract, epoch: bigint, index: bigint): Promise<KeptSeal | undefined> {
  const seal = await ask(ledger, 'sealOf', [epoch, index], SealFields)
  return BigInt(seal.sealHash) === 0n ? undefined : seal
}

/** What the transaction that delivered a sealed batch tells of its seed. @param blockOf the chain's own, as far as the endpoint has it. @throws ChainError. */
export async function sealIn(
  ledger: Contract,
  { logs }: TransactionReceipt,
  { epoch, index }: Acceptance,
  blockOf: (number: number) => Promise<{ readonly hash: Hex32 } | undefined>,
): Promise<ChainSeal | undefined> {
  const address = getAddress(String(ledger.target))
  for (const log of logs) {
    const found = getAddress(log.address) === address ? ledger.interface.parseLog(log) : null
    if (found?.name !== 'SealOpened') continue
    const { index: sealed, seed, blockHash } = parse(SealEvent, found.args.toArray())
    if (sealed !== index) continue
    const { sealHash, seedBlock } = await ask(ledger, 'sealOf', [epoch, index], SealFields)
    const block = await blockOf(seedBlock)
    return { seed, blockHash, sealHash, ...(block && { chainHash: block.hash }) }
  }
  return undefined
}
