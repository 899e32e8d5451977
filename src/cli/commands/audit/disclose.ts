import { Command } from 'commander'
import { toUtf8Bytes } from 'ethers'
import { z } from 'zod'
import { OPENINGS_FORMAT, type Openings } from '../../../audit/openings.ts'
import { jsonText } from '../../../base/json.ts'
import { keccakBytes } from '../../../base/keccak.ts'
import { Order } from '../../../order/order.ts'
import { seal } from '../../../seal/seal.ts'
import { readBundle } from '../../audit/against.ts'
import { logDisclosure, readDisclosures } from '../../audit/disclosure-log.ts'
import { type ChainOptions, chainOf, withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError } from '../../shared/exit.ts'
import { writePrivate } from '../../shared/files.ts'
import { dataDirOption } from '../../shared/options.ts'
import { batchRange } from '../../shared/parse.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from './run.ts'

interface DiscloseOptions extends ChainOptions {
  readonly to: string
  readonly name: string
  readonly log: string
  readonly out: string
  readonly batches?: readonly [bigint, bigint]
  readonly orders?: readonly string[]
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly json?: boolean
}

const HELP = `
An operator hands over whole batches (--batches, from its store, before they are final and their orders are erased; the embedded database belongs to one process:
stop the service first). A trader hands over its own orders (--orders: pairs of what "fairlead order --save" kept and of the receipt; --rpc and --ledger say which ledger).
The file can be opened by the holder of --to's private key alone ("fairlead audit openings keygen"). Nothing becomes public.

A whole batch comes with the epoch's batch key, from which every draw of that epoch can be told: while the epoch runs, disclose to people you trust only.

What was disclosed to whom is written to --log first, one line each, each naming the one before it.

Exit codes: 0 disclosed; 2 could not be.

Examples:
  $ fairlead audit disclose --batches 3-5 --to BASE64 --name "Auditor AG" --out batches.sealed --data-dir .fairlead
  $ fairlead audit disclose --orders my-order.json my-receipt.json --to BASE64 --name "Auditor AG" --out mine.sealed --rpc … --ledger 0x…
`

/** An order as `fairlead order --save` keeps it. */
const SavedOrder = z.looseObject({ size: z.unknown(), side: z.unknown(), segment: z.unknown(), details: z.unknown() })

export const discloseCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    withChain(new Command('disclose').description('hand openings to an auditor, encrypted to its key'))
      .requiredOption('--to <key>', "the auditor's public key, base64")
      .requiredOption('--name <text>', 'who that is, for the log')
      .requiredOption('--out <file>', 'where to write the sealed openings')
      .option('--log <file>', 'what was disclosed to whom', 'disclosures.jsonl')
      .option('--batches <from-to>', "whole batches of this operator's store", batchRange)
      .option('--orders <files...>', 'own orders: a file of "order --save" and its receipt, pair by pair')
      .addOption(dataDirOption())
      .option('--database-url <url>', 'PostgreSQL in place of the embedded database'),
  )
    .addHelpText('after', HELP)
    .action(async (options: DiscloseOptions) => {
      const { to, name, log, out, json = false } = options
      const openings = await collect(options)
      await readDisclosures(log)
      const sealed = `${jsonText(await seal(to, OPENINGS_FORMAT, jsonText(openings)))}\n`
      const batches = [
        ...new Set([...openings.batches.map(({ index }) => index), ...openings.orders.map(({ batch }) => batch)]),
      ]
      const orders = openings.orders.length + openings.batches.reduce((sum, batch) => sum + batch.orders.length, 0)
      const hash = keccakBytes(toUtf8Bytes(sealed))
      const said = {
        at: new Date().toISOString(),
        to,
        name,
        ledger: openings.ledger,
        batches: batches.map(String),
        orders,
        sealed: hash,
      }
      await logDisclosure(log, said)
      await writePrivate(out, sealed)
      if (json) printJson(terminal, { file: out, log, ...said })
      else
        print(terminal, `${out}: ${orders} orders of batches ${batches.join(', ')}, for ${name} alone; noted in ${log}`)
    })

async function collect(options: DiscloseOptions): Promise<Openings> {
  const { batches, orders } = options
  if ((batches === undefined) === (orders === undefined))
    throw new CliError('USAGE', 'give either --batches or --orders')
  // The store is loaded for those who need it: no other command of the group does.
  if (batches) return (await import('../../audit/store-openings.ts')).openingsOfStore(options, batches)
  const own = await ownOrders(orders ?? [])
  return withReader(chainOf(options), async ({ config: { chainId, ledger } }) => ({
    format: OPENINGS_FORMAT,
    chainId,
    ledger,
    batches: [],
    orders: own,
  }))
}

async function ownOrders(files: readonly string[]): Promise<Openings['orders']> {
  if (files.length % 2 !== 0) throw new CliError('USAGE', 'give an order and its receipt, pair by pair')
  const opened: Openings['orders'] = []
  for (let i = 0; i < files.length; i += 2) {
    const [orderFile = '', receiptFile = ''] = files.slice(i, i + 2)
    const { data: saved } = SavedOrder.safeParse(await readBundle(orderFile))
    const { size, side, segment, details } = saved ?? {}
    const { data: order } = Order.safeParse({ size, side, segment, details })
    if (!order) throw new CliError('JSON_INVALID', `${orderFile} holds no order with its details`)
    const [receipt] = await readReceipts([receiptFile])
    if (receipt) opened.push({ batch: receipt.batch, slot: receipt.slot, order })
  }
  return opened
}
