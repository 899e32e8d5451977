import { Command, Option } from 'commander'
import { writeAnchor } from '../../audit/anchor.ts'
import { checkAnchor } from '../../audit/anchor-checks.ts'
import type { Anchor } from '../../audit/anchor-schema.ts'
import { circuitName } from '../../audit/circuit-name.ts'
import { report } from '../../audit/report.ts'
import { readAnchorFile } from '../audit/against.ts'
import { readAnchorFromChain } from '../audit/make-anchor.ts'
import { withReader } from '../audit/read.ts'
import { EXIT_OF, showReport } from '../audit/show.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { writeText } from '../shared/files.ts'
import { address, batchIndex, batchRange, blockNumber, url } from '../shared/parse.ts'
import { print, printJson } from '../shared/terminal.ts'

interface ExportOptions {
  readonly rpc: string
  readonly ledger: string
  readonly batch?: bigint
  readonly batches?: readonly [bigint, bigint]
  readonly block?: number
  readonly fromBlock?: number
  readonly out?: string
  readonly json?: boolean
}

const HELP = `
An anchor is what a chain said of a ledger at one block: its epochs with signers, seeds, policies and verifying keys, and the record of
each accepted batch. With it "fairlead audit BUNDLE --anchor FILE" needs no network. Whoever makes the anchor chooses whom to
believe: make it from an RPC endpoint that you trust, or compare its digest with others.
`

const EXPORT_HELP = `
Every endpoint of the same chain gives the same file, to the byte, for the same block and batches. Where a reorganization would hurt,
let --block lie as many blocks back as the ledger's finality depth.

Exit codes: 0 written; 1 what the chain says breaks a rule (the check is named, nothing is written); 2 could not be made.

Examples:
  $ fairlead anchor export --rpc http://127.0.0.1:8545 --ledger 0x… --out anchor.json
  $ fairlead anchor export --rpc https://… --ledger 0x… --batches 100-199 --out anchor.json
`

const SHOW_HELP = `
Exit codes: 0 the anchor is consistent; 1 it breaks a rule, which is named; 2 it is no anchor, or was altered.
`

export const anchorCommand = (context: CommandContext): Command =>
  new Command('anchor')
    .description('keep what the chain says in a file, to audit offline')
    .addHelpText('after', HELP)
    .addCommand(exportCommand(context))
    .addCommand(showCommand(context))

const exportCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('export')
      .description('read an anchor from a chain')
      .requiredOption('--rpc <url>', 'RPC endpoint of the chain', url)
      .requiredOption('--ledger <address>', 'address of the ledger', address)
      .addOption(new Option('--batch <index>', 'one batch').argParser(batchIndex).conflicts('batches'))
      .option('--batches <from-to>', 'a range of batches; all accepted ones by default', batchRange)
      .option('--block <number>', 'block to read at; the latest by default', blockNumber)
      .option('--from-block <number>', 'where to look for events: the block of the deployment', blockNumber)
      .option('--out <file>', 'where to write it; standard output by default'),
  )
    .addHelpText('after', EXPORT_HELP)
    .action(async ({ rpc, ledger, batch, batches, block, fromBlock, out, json }: ExportOptions) => {
      const source = { rpcUrl: rpc, ledger, ...(fromBlock === undefined ? {} : { fromBlock }) }
      const [first, last] = batches ?? [batch, batch]
      const anchor = await withReader(source, (reader) => readAnchorFromChain(reader, { first, last, block }))
      const checked = await report(checkAnchor(anchor))
      outcome.exitCode = EXIT_OF[checked.verdict]
      if (!checked.ok) return showReport(terminal, checked, json ?? false, 'anchor')
      if (out === undefined) return void terminal.stdout.write(writeAnchor(anchor))
      await writeText(out, writeAnchor(anchor))
      if (json) return printJson(terminal, { file: out, ...summaryOf(anchor) })
      print(terminal, `${out}: batches ${batchesOf(anchor)} at block ${anchor.block.number}`)
      print(terminal, `digest ${anchor.digest}`)
    })

const showCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(new Command('show').description('say what an anchor holds').argument('<file>', 'anchor'))
    .addHelpText('after', SHOW_HELP)
    .action(async (file: string, { json }: { json?: boolean }) => {
      const anchor = await readAnchorFile(file)
      const checked = await report(checkAnchor(anchor))
      outcome.exitCode = EXIT_OF[checked.verdict]
      if (json) return printJson(terminal, { ...summaryOf(anchor), ...checked })
      for (const line of describe(anchor)) print(terminal, line)
      showReport(terminal, checked, false, 'anchor')
    })

function summaryOf({ digest, chainId, ledger, block, accepted, firstBatch, records, epochs }: Anchor) {
  const range = { firstBatch, lastBatch: firstBatch + BigInt(records.length) - 1n, accepted }
  return { digest, chainId, ledger, block, ...range, epochNumbers: epochs.map(({ epoch }) => epoch) }
}

function describe(anchor: Anchor): string[] {
  const { digest, chainId, ledger, block, accepted } = anchor
  return [
    `digest  ${digest}`,
    `ledger  ${ledger} on chain ${chainId}`,
    `block   ${block.number} of ${new Date(Number(block.time) * 1000).toISOString()}, ${block.hash}`,
    `batches ${batchesOf(anchor)}, of ${accepted} accepted`,
    ...anchor.epochs.map(
      ({ epoch, firstBatch, signer, verifiers }) =>
        `epoch   ${epoch} from batch ${firstBatch}, signer ${signer}, ${verifiers.map(circuitName).join(' and ')}`,
    ),
  ]
}

const batchesOf = ({ firstBatch, records }: Anchor): string =>
  `${firstBatch} to ${firstBatch + BigInt(records.length) - 1n}`
