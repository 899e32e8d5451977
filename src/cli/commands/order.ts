import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { jsonText } from '../../base/json.ts'
import type { Segment, Side } from '../../order/order.ts'
import { checkReceipt } from '../order/check-receipt.ts'
import { awaitFate, type Fate } from '../order/fate.ts'
import { openingOf } from '../order/opening.ts'
import { type OrderBody, ServiceClient } from '../service-client.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { findClientKeys } from '../shared/client-keys.ts'
import { EXIT } from '../shared/exit.ts'
import { writePrivate } from '../shared/files.ts'
import { dataDirOption, urlOption } from '../shared/options.ts'
import { details, lots, segment, side } from '../shared/parse.ts'
import { note, print, printJson } from '../shared/terminal.ts'

interface OrderOptions {
  readonly size: number
  readonly side: Side
  readonly segment: Segment
  readonly details?: string
  readonly key?: string
  readonly url: string
  readonly dataDir: string
  readonly save?: string
  readonly wait?: boolean
  readonly json?: boolean
}

const HELP = `
Sends one private order, shows its receipt and checks it: that it is about this very order, and that the epoch's signer signed it.
The details stay with you: without them nobody can open the commitment, so keep them (--save) if you mean to settle the order.

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
      const body: OrderBody = {
        size: options.size,
        side: options.side,
        segment: options.segment,
        details: options.details ?? `0x${randomBytes(32).toString('hex')}`,
      }
      // Kept before it is sent: an order whose opening is lost can be routed but never settled.
      if (options.save !== undefined) await writePrivate(options.save, `${jsonText(openingOf(body))}\n`)
      const placed = await client.submitOne(body)
      const policy = await client.policy()
      const faults = checkReceipt(body, placed, policy)
      const good = faults.length === 0
      outcome.exitCode = good ? EXIT.done : EXIT.failed
      const { url, segment } = options
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
