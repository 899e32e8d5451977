import { ZeroAddress } from 'ethers'
import { z } from 'zod'
import type { SignedReceipt } from '../../audit/records.ts'
import { Address } from '../../base/schema.ts'
import { detailsWords, openingWords, signedWords } from '../../chain/evidence.ts'
import type { PreparedOrder } from '../../client/prepare.ts'
import type { After } from '../shared/window.ts'
import { collectFrom, type Escape, type EscapeCall } from './escape.ts'

/** What a redemption came to: it is paid, something has to pass first, or there is nothing to redeem. Wei. */
export type Redeemed =
  | { readonly outcome: 'paid'; readonly amount: bigint }
  | { readonly outcome: 'later'; readonly why: string; readonly after: After }
  | { readonly outcome: 'refused'; readonly why: string }

/** Refusals of a claim, in words. */
const WORDS: Readonly<Record<string, string>> = {
  ClaimsClosed: 'claims for the epoch are closed',
  NothingPromised: 'the receipt promised no shard: there is nothing to pay for',
  SignatureRefused: "the receipt is not signed by the epoch's signer",
  CommitmentMismatch: "the opening is not the receipt's order",
}

const Pot = z
  .tuple([z.bigint(), z.bigint(), z.boolean(), z.bigint()])
  .transform(([until, _claims, settled]) => ({ until, settled }))
const refused = (why: string): Redeemed => ({ outcome: 'refused', why })

/**
 * Takes a void receipt as far as it goes now: opens claims, claims, settles, redeems, collects. Call again for the rest; what was sent is not sent twice.
 * @throws ChainError.
 */
export async function redeem(
  way: Escape,
  receipt: SignedReceipt,
  { terms, commitment, ...order }: PreparedOrder,
): Promise<Redeemed> {
  const { reader, caller, send } = way
  const { epoch, batch, slot } = receipt
  if (commitment !== receipt.commitment) return refused('the receipt is about another order')
  if (!terms) return refused('the order was made without terms, so that no contract knows whose it is')
  if (terms.account !== caller.address)
    return refused(`the order is of account ${terms.account}: only that one can claim`)
  if (!(await caller.ask('ledger', 'isVoid', [epoch, batch], z.boolean())))
    return refused(`the receipt is not void: epoch ${epoch} was not given up before batch ${batch}`)
  const pot = () => caller.ask('redemption', 'potOf', [epoch], Pot)
  if ((await pot()).until === 0n) await send({ contract: 'redemption', method: 'open', args: [epoch] })
  const { until, settled } = await pot()
  const place = [epoch, batch, slot]
  const claimant = await caller.ask('redemption', 'claimantOf', place, Address)
  if (claimant === ZeroAddress) {
    const args = [...signedWords(receipt), openingWords(order), detailsWords(terms)]
    const claim: EscapeCall = { contract: 'redemption', method: 'claim', args }
    const refusal = await caller.refusal(claim)
    if (refusal) return refused(WORDS[refusal.error] ?? `the contract refuses the claim: ${refusal.error}`)
    await send(claim)
  } else if (claimant !== caller.address) return refused(`${claimant} claimed for this place`)
  if (!settled) {
    const { timeS = 0 } = (await reader.block(await reader.blockNumber())) ?? {}
    const after = { timeS: until + 1n }
    if (BigInt(timeS) <= until) return { outcome: 'later', why: 'claims for the epoch are still open', after }
    await send({ contract: 'redemption', method: 'settle', args: [epoch] })
  }
  const take: EscapeCall = { contract: 'redemption', method: 'redeem', args: place }
  if (!(await caller.refusal(take))) await send(take)
  return { outcome: 'paid', amount: await collectFrom(way, 'redemption') }
}
