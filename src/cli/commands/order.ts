import { Command } from 'commander'
import { ZeroAddress } from 'ethers'
import { z } from 'zod'
import { modField } from '../../base/field.ts'
import { jsonOf } from '../../base/json.ts'
import { hex32 } from '../../base/keccak.ts'
import { orderToJson, prepareOrder, randomDetails } from '../../client/prepare.ts'
import { OrderDetails } from '../../order/details.ts'
import type { SigningDomain } from '../../order/domain.ts'
import type { Segment, Side } from '../../order/order.ts'
import { checkReceipt } from '../order/check-receipt.ts'
import { awaitFate, type Fate } from '../order/fate.ts'
import { type OrderBody, ServiceClient } from '../service-client.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { findClientKeys } from '../shared/client-keys.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { readText, writePrivate } from '../shared/files.ts'
import { dataDirOption, urlOption } from '../shared/options.ts'
import { details, lots, segment, side } from '../shared/parse.ts'
import { note, print, printJson } from '../shared/terminal.ts'

interface OrderOptions {
  readonly size: number
  readonly side: Side
  readonly segment: Segment
  readonly details?: string
  readonly terms?: string
  readonly key?: string
  readonly url: string
  readonly dataDir: string
  readonly save?: string
  readonly wait?: boolean
  readonly json?: boolean
}

const Terms = OrderDetails.omit({ salt: true })
/** Details from elsewhere are bound to no ledger. */
const NOWHERE: SigningDomain = { chainId: 0n, ledger: ZeroAddress }

const HELP = `
Sends one private order, shows its receipt and checks it: that it is about this very order, and that the epoch's signer signed it.
The details stay with you: without them nobody can open the commitment, so keep them (--save) if you mean to settle the order.
With --terms they are the hash of the order's terms, to which a salt is added: {"account": "0x…", "market": "0x…", "price": "250", "expiry": "1900000000",
"nonce": "1", "timeInForce": 0, "maxFee": "30"}. Contracts can open such an order: only its account can redeem it (fairlead escape redeem).

The API key is --key, FAIRLEAD_RETAIL_KEY or FAIRLEAD_INSTITUTIONAL_KEY, or the one that "fairlead start" kept in the data folder.

In an epoch of sealed mode the order has a place at once, and its shard with the draw of its batch: --wait tells it by the service's word, "fairlead audit receipt" by the chain's.

Exit codes: 0 the receipt is good, accepted, deferred or sealed; 1 the receipt does not hold; 2 no receipt.

Example:
  $ fairlead order --size 250 --side buy --save my-order.json
`

const whereOf = ({ status, receipt }: Awaited<ReturnType<ServiceClient['submitOne']>>): string => {
  if (status === 'accepted') return `accepted by shard ${receipt.assignment - 1}`
  return status === 'sealed' ? 'sealed: waits for the draw' : 'deferred: no shard had room'
}

const fateText = ({ state, batch, shard }: Fate): string =>
  `batch ${batch} ${state}: ${shard === null ? 'deferred' : `on shard ${shard}`}`

export const orderCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('order')
      .description('send one order and check its receipt')
      .requiredOption('--size <lots>', 'whole lots', lots)
      .requiredOption('--side <side>', 'buy or sell', side)
      .option('--segment <segment>', "the key's class: retail or institutional", segment, 'retail')
      .option('--details <hex>', 'what the router cannot read: 32 bytes; random when left out', details)
      .option('--terms <file>', "the order's terms as JSON, in place of --details")
      .option('--key <token>', 'API key of the segment')
      .addOption(urlOption())
      .addOption(dataDirOption())
      .option('--save <file>', "keep the order's opening in a new file that only you can read")
      .option('--wait', 'wait until the chain has accepted its batch, and say what it came to'),
  )
    .addHelpText('after', HELP)
    .action(async (options: OrderOptions) => {
      const given = options.key === undefined ? {} : { [options.segment]: options.key }
      const keys = await findClientKeys(given, terminal.env, options.dataDir)
      const key = keys[options.segment]
      const client = new ServiceClient(
        options.url,
        key === undefined ? {} : { [options.segment]: key },
        terminal.interrupted,
      )
      const prepared = await prepare(options, client)
      const { size, side, segment } = prepared
      const body: OrderBody = { size, side, segment, details: hex32(prepared.details) }
      // Kept before it is sent: an order whose opening is lost can be routed but never settled.
      if (options.save !== undefined) await writePrivate(options.save, `${orderToJson(prepared)}\n`)
      const placed = await client.submitOne(body)
      const policy = await client.policy()
      const faults = checkReceipt(body, placed, policy)
      const good = faults.length === 0
      outcome.exitCode = good ? EXIT.done : EXIT.failed
      const { url } = options
      const { interrupted } = terminal
      const awaited = (): Promise<Fate> =>
        awaitFate(BigInt(placed.commitment), { url, segment, interrupted, key: key ?? '' })
      const waits = options.wait === true && good
      if (options.json) {
        const fate = waits ? { fate: await awaited() } : {}
        printJson(terminal, { ...placed, signer: policy.signer, good, faults, ...fate })
        return
      }
      const { receipt } = placed
      print(terminal, `${whereOf(placed)} (epoch ${receipt.epoch}, batch ${receipt.batch}, slot ${receipt.slot})`)
      print(terminal, `commitment ${placed.commitment}`)
      print(terminal, `signature  ${receipt.signature}`)
      print(terminal, good ? `receipt good: signed by ${policy.signer}` : `receipt BAD: ${faults.join('; ')}`)
      if (options.save === undefined)
        note(terminal, 'the details were not kept; use --save to be able to settle an order')
      if (waits) print(terminal, fateText(await awaited()))
    })

/** The order that options ask for. @throws CliError USAGE, FILE_UNREADABLE, JSON_INVALID for terms of another form. */
async function prepare({ size, side, segment, details, terms }: OrderOptions, client: ServiceClient) {
  if (terms === undefined) {
    const given = details === undefined ? randomDetails() : modField(BigInt(details))
    return prepareOrder({ size, side, details: given }, segment, NOWHERE)
  }
  if (details !== undefined) throw new CliError('USAGE', 'give --details or --terms')
  const parsed = Terms.safeParse(jsonOf(await readText(terms)))
  if (!parsed.success) throw new CliError('JSON_INVALID', `${terms} holds no terms: ${z.prettifyError(parsed.error)}`)
  const { chainId, ledger } = await client.policy()
  return prepareOrder({ size, side, terms: parsed.data }, segment, { chainId: BigInt(chainId), ledger })
}
