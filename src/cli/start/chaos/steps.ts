import { formatEther } from 'ethers'
import { z } from 'zod'
import { at } from '../../../base/at.ts'
import { signedWords } from '../../../chain/evidence.ts'
import { LedgerWriter } from '../../../chain/writer.ts'
import type { PreparedOrder } from '../../../client/prepare.ts'
import { SIDES } from '../../../order/order.ts'
import type { SignedReceipt } from '../../../service/api.ts'
import type { DutyEvent } from '../../../service/events.ts'
import { openNextEpoch } from '../../../service/next-epoch.ts'
import type { Escape } from '../../escape/escape.ts'
import { redeem } from '../../escape/redeem.ts'
import type { Actor } from './actor.ts'
import type { ChaosWorld } from './world.ts'

/** One line of the final table. */
export interface Fate {
  readonly who: string
  readonly what: string
  readonly ok: boolean
}
/** Tells one thing that happened. */
export type Tell = (line: string) => void
/** Plays one step, tells it, and says how it ended for those who were honest in it. */
export type Step = (world: ChaosWorld, tell: Tell) => Promise<Fate[]>

/** Steps in their order, by name. */
export const STEPS: Readonly<Record<string, { readonly title: string; readonly play: Step }>> = {
  reorg: { title: 'A reorg takes accepted batches out of the chain', play: reorg },
  forced: { title: 'A trader whom nobody serves forces an order in', play: forcedOrder },
  withheld: { title: 'The operator withholds a batch, and is challenged', play: withheldBatch },
  abandoned: { title: 'The operator withholds again: the trader ends the epoch and is redeemed', play: abandonedEpoch },
}

const ACCEPTED = ['accepted', 'final'] as const
/** Windows in seconds, and in blocks. */
const Seconds = z.bigint().transform(Number)
/** Seconds past a window, for certain. */
const PAST_S = 30

const ether = (wei: bigint): string => `${formatEther(wei)} ETH`

async function reorg(world: ChaosWorld, tell: Tell): Promise<Fate[]> {
  const trader = await world.arrive()
  const receipts: SignedReceipt[] = []
  for (let i = 0; i < 3; i++) {
    const placed = await world.place([world.orderBy(trader), world.orderBy(trader), world.orderBy(trader)])
    // Closed by its age, so that there are several.
    await world.reach(placed, 'closed', 'proven', 'sent', ...ACCEPTED)
    receipts.push(...placed)
  }
  await world.reach(receipts, ...ACCEPTED)
  const batches = [...new Set(receipts.map(({ batch }) => batch))]
  const places = await Promise.all(batches.map((index) => world.reader.acceptance(index)))
  const transactions = new Set(places.map((place) => place?.transaction))
  tell(`${list(batches)}: ${receipts.length} orders, accepted in ${counted(transactions.size, 'transaction')}`)
  const back: bigint[] = []
  const onBatch = ({ index, state }: { index: bigint; state: string }): void => {
    if (state === 'proven') back.push(index)
  }
  world.service.events.on('batch', onBatch)
  // The newest only: on a slow machine the first may be final by now.
  const depth = await world.reorgFrom(places.at(-1)?.blockNumber ?? 0)
  tell(`the chain loses its last ${counted(depth, 'block')}`)
  await world.until('batches back at proven', async () => back.length > 0)
  world.service.events.off('batch', onBatch)
  tell(`${list(back)}: back at proven, the receipts stand`)
  await world.reach(receipts, ...ACCEPTED)
  tell(`${list(batches)}: all accepted again, by the same transactions`)
  const ok = (await Promise.all(receipts.map((receipt) => world.stateOf(receipt)))).every(isAcceptedState)
  return [{ who: 'trader in the reorg', what: `${receipts.length} receipts, all accepted again`, ok }]
}

async function forcedOrder(world: ChaosWorld, tell: Tell): Promise<Fate[]> {
  const trader = await world.arrive()
  const { size, side, details, commitment } = world.orderBy(trader)
  const value = await trader.ask('inbox', 'fee', [], z.bigint())
  const duties: DutyEvent[] = []
  const onDuty = (duty: DutyEvent): void => void duties.push(duty)
  world.service.events.on('duty', onDuty)
  const args = [size, SIDES.indexOf(side), details, commitment]
  await trader.send({ contract: 'inbox', method: 'post', args, value })
  tell(`posted on chain with its opening, for ${ether(value)}; the operator has ten minutes of uptime`)
  const done = (duty: DutyEvent['duty']) => async () => duties.some((event) => event.duty === duty)
  await world.until('the forced order taken', done('forced-taken'))
  tell('the service read it from the chain and took it into a batch')
  await world.until('the forced order discharged', done('forced-discharged'))
  world.service.events.off('duty', onDuty)
  const waits = await world.system.waits(commitment)
  const [entry] = (await world.service.orderStatus(commitment))?.entries ?? []
  tell(`batch ${entry?.receipt.batch} is ${entry?.batchState}; the inbox is told: discharged`)
  const ok = !waits && isAcceptedState(entry?.batchState)
  return [{ who: 'trader who was not served', what: `order in accepted batch ${entry?.receipt.batch}, discharged`, ok }]
}

/** Gives a trader a receipt whose batch stays away until its deadline is over. */
async function withhold(
  world: ChaosWorld,
  tell: Tell,
): Promise<{ trader: Actor; own: PreparedOrder; receipt: SignedReceipt }> {
  world.levers.withholding = true
  const trader = await world.arrive()
  const own = world.orderBy(trader)
  const receipt = at(await world.place([own]), 0)
  await world.reach([receipt], 'proven')
  tell(
    `batch ${receipt.batch} is proven, and kept from the chain; the trader holds a receipt of it for shard ${receipt.assignment - 1}`,
  )
  const { deadlineS } = world.reader.config
  await world.pass(deadlineS + PAST_S)
  await world.stopped('overdue')
  tell(`${deadlineS} s go by: the service itself gives no more receipts`)
  return { trader, own, receipt }
}

async function withheldBatch(world: ChaosWorld, tell: Tell): Promise<Fate[]> {
  const { receipt } = await withhold(world, tell)
  const challenger = await world.arrive()
  const before = await world.system.bond()
  await challenger.send({ contract: 'receiptChallenges', method: 'noticeOverdue', args: signedWords(receipt) })
  tell('a challenger shows the receipt: noticeOverdue')
  const [time, blocks] = await Promise.all(
    ['answerTime', 'answerBlocks'].map((view) => challenger.ask('receiptChallenges', view, [], Seconds)),
  )
  await world.pass((time ?? 0) + PAST_S, (blocks ?? 0) + 1)
  tell(`the answer window goes by: ${time} s and ${blocks} blocks`)
  const args = [receipt.epoch, receipt.batch, receipt.batch]
  await challenger.send({ contract: 'receiptChallenges', method: 'proveOverdue', args })
  const after = await world.system.bond()
  const reward = (await challenger.collect('bond'))?.amount ?? 0n
  const slashed = before.stake - after.stake
  tell(
    `proveOverdue: ${ether(slashed)} slashed, ${ether(after.burned - before.burned)} of it burned, ${ether(reward)} to the challenger`,
  )
  world.levers.withholding = false
  await world.reach([receipt], ...ACCEPTED)
  tell(`the operator gives in: batch ${receipt.batch} is accepted, late`)
  return [
    { who: 'trader of the late batch', what: 'receipt kept, late', ok: isAcceptedState(await world.stateOf(receipt)) },
    { who: 'challenger', what: `collected ${ether(reward)}`, ok: slashed > 0n && reward * 2n === slashed },
  ]
}

async function abandonedEpoch(world: ChaosWorld, tell: Tell): Promise<Fate[]> {
  const { trader, own, receipt } = await withhold(world, tell)
  const [promise, { r, vs }] = signedWords(receipt)
  await trader.send({ contract: 'ledger', method: 'abandonOverdue', args: [receipt.batch, promise, r, vs] })
  await world.stopped('abandoned')
  tell(
    `the trader ends epoch ${receipt.epoch} at batch ${receipt.batch}: abandonOverdue; the service sees it and signs nothing more`,
  )
  await world.pass(1, world.reader.config.finalityDepth + 1)
  await world.reach([receipt], 'abandoned')
  world.voided.add(receipt.signature)
  const reward = (await trader.collect('bond'))?.amount ?? 0n
  tell(`final: the receipt is void, batches before it stand; ${ether(reward)} of the penalty is the trader's`)
  const paid = await redeemed(world, trader, own, receipt)
  tell(`claimed with the opened order, and after the claims' week redeemed from the pot: ${ether(paid)}`)
  await nextEpoch(world)
  await world.reopen()
  tell(`epoch ${receipt.epoch + 1n} begins at batch ${receipt.batch}, from the public reset state`)
  const again = at(await world.place([own]), 0)
  await world.reach([again], ...ACCEPTED)
  tell(`the same order, sent again: batch ${again.batch} of epoch ${again.epoch}, accepted`)
  const whole = paid > 0n && isAcceptedState(await world.stateOf(again))
  const { covered, minimum } = await world.system.bond()
  return [
    {
      who: 'trader of the void receipt',
      what: `${ether(reward + paid)}, and the order accepted`,
      ok: whole && reward > 0n,
    },
    { who: 'operator', what: `${ether(covered)} still at stake, of ${ether(minimum)} needed`, ok: covered >= minimum },
  ]
}

/** What `fairlead escape redeem` does, with the claims' time gone by in between. @returns wei. */
async function redeemed(world: ChaosWorld, trader: Actor, own: PreparedOrder, receipt: SignedReceipt): Promise<bigint> {
  const way: Escape = {
    reader: world.reader,
    caller: trader,
    send: async (call) => void (await trader.send(call)),
  }
  await redeem(way, receipt, own)
  await world.pass((await trader.ask('redemption', 'claimWindow', [], Seconds)) + PAST_S)
  const found = await redeem(way, receipt, own)
  return found.outcome === 'paid' ? found.amount : 0n
}

/** What `fairlead epoch next --from-reset` does. */
async function nextEpoch({ local, reader, levers }: ChaosWorld): Promise<void> {
  const source = { rpcUrl: local.chain.url, ledger: local.deployment.ledger }
  const writer = await LedgerWriter.connect({ ...source, privateKey: local.secrets.submitterKey })
  try {
    await openNextEpoch(reader, writer, { fromReset: true })
    levers.withholding = false
  } finally {
    writer.close()
  }
}

const isAcceptedState = (state: string | undefined): boolean => ACCEPTED.some((accepted) => accepted === state)
const list = (indices: readonly bigint[]): string =>
  `${indices.length === 1 ? 'batch' : 'batches'} ${[...indices].sort((a, b) => Number(a - b)).join(', ')}`
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
