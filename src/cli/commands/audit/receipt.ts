import { Command } from 'commander'
import { auditBundle } from '../../../audit/bundle.ts'
import { Bundle } from '../../../audit/bundle-schema.ts'
import { isVoid } from '../../../audit/is-void.ts'
import type { ProofCheck } from '../../../audit/proof-check.ts'
import type { SignedReceipt } from '../../../audit/records.ts'
import { type AuditReport, report } from '../../../audit/report.ts'
import { type Whereabouts, whereIs } from '../../../audit/where-is.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import type { Statement } from '../../../statement/statement.ts'
import { readAnchorFile, readBundle } from '../../audit/against.ts'
import { auditChain } from '../../audit/chain-run.ts'
import { type ChainOptions, sourceOf, type VerifierOptions, verifierOption, withChain } from '../../audit/options.ts'
import { catchInvalidRecords, withReader } from '../../audit/read.ts'
import { EXIT_OF, showReport } from '../../audit/show.ts'
import { withVerifier } from '../../audit/verifier.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT, type ExitCode } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from './run.ts'

interface ReceiptOptions extends ChainOptions, VerifierOptions {
  readonly bundle?: string
  readonly anchor?: string
  readonly json?: boolean
}

const HELP = `
Where is my order? From the receipt to its batch, which is audited, and to the order's place in it. FILE is the receipt, or the answer that it came in
("fairlead order --json"). The batch comes from the chain (--rpc and --ledger), or from a bundle with its anchor, offline.

Exit codes: 0 the batch is accepted and keeps the receipt; 1 it does not, or is overdue, or was given up with its epoch, or the receipt is
nobody's; 2 not accepted yet, or could not check.

Examples:
  $ fairlead audit receipt my-receipt.json --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit receipt my-receipt.json --bundle bundle.json --anchor anchor.json
`

/** What a receipt came to, with the audit of its batch. */
interface Found {
  readonly receipt: SignedReceipt
  readonly where: Whereabouts
  /** Of the receipt's batch, once there is one. */
  readonly audit?: AuditReport
  /** Block and transaction that hold the batch, where the chain was asked. */
  readonly chain?: { readonly block: number; readonly transaction: string }
}

const EXITS: Readonly<Record<Whereabouts['fate'], ExitCode>> = {
  kept: EXIT.done,
  broken: EXIT.failed,
  overdue: EXIT.failed,
  'given-up': EXIT.failed,
  void: EXIT.failed,
  waiting: EXIT.unable,
}

export const receiptCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('receipt').description('say where an order is').argument('<file>', 'its receipt'))
      .option('--bundle <file>', 'the bundle of its batch')
      .option('--anchor <file>', 'what the chain said')
      .addOption(verifierOption()),
  )
    .addHelpText('after', HELP)
    .action(async (file: string, options: ReceiptOptions) => {
      const [receipt] = await readReceipts([file])
      if (!receipt) throw new CliError('USAGE', 'give a receipt')
      const found = await withVerifier(options.verifier, ({ verify }) => find(receipt, options, verify))
      const { where, audit } = found
      outcome.exitCode = audit && !audit.ok ? EXIT_OF[audit.verdict] : EXITS[where.fate]
      if (options.json) return printJson(terminal, found)
      for (const line of tell(found)) print(terminal, line)
      if (audit) showReport(terminal, audit, false, `audit of batch ${receipt.batch}`)
    })

function find(receipt: SignedReceipt, options: ReceiptOptions, verify: ProofCheck): Promise<Found> {
  const { bundle, anchor } = options
  const source = sourceOf(options)
  if ((bundle === undefined) !== (anchor === undefined))
    throw new CliError('USAGE', 'give --bundle and --anchor together')
  if ((source === undefined) === (bundle === undefined))
    throw new CliError('USAGE', 'give either --rpc and --ledger, or --bundle and --anchor')
  if (source) return withReader(source, (reader) => onChain(receipt, reader, verify))
  return offline(receipt, bundle ?? '', anchor ?? '', verify)
}

async function onChain(receipt: SignedReceipt, reader: LedgerReader, verify: ProofCheck): Promise<Found> {
  const { config } = reader
  const [epochs, latest, batch] = await Promise.all([
    reader.epochs(),
    reader.blockNumber(),
    reader.batch(receipt.batch),
  ])
  const nowS = BigInt((await reader.block(latest))?.timeS ?? 0)
  const signer = epochs.find(({ epoch }) => epoch === receipt.epoch)?.signer
  const isGivenUp = isVoid(epochs, receipt.epoch, receipt.batch)
  const context = { config, signer, isGivenUp, nowS, deadlineS: config.deadlineS }
  if (!batch) return { receipt, where: whereIs(receipt, { ...context, batch: undefined }) }
  let statement: Statement | undefined
  const range = [receipt.batch, receipt.batch] as const
  const onStatement = (made: Statement) => {
    statement = made
  }
  const checks = catchInvalidRecords(() => auditChain(reader, { range, onStatement, verifyProofs: verify }))
  const audit = await report(checks)
  const known = statement && { epoch: batch.epoch, statement }
  const where: Whereabouts = known
    ? whereIs(receipt, { ...context, batch: known })
    : { fate: 'void', why: 'the batch cannot be opened' }
  return { receipt, where, audit, chain: { block: batch.blockNumber, transaction: batch.transaction } }
}

async function offline(
  receipt: SignedReceipt,
  bundleFile: string,
  anchorFile: string,
  verify: ProofCheck,
): Promise<Found> {
  const input = await readBundle(bundleFile)
  const anchor = await readAnchorFile(anchorFile)
  const audit = await report(auditBundle(input, { anchor }, verify))
  const bundle = Bundle.safeParse(input).data
  if (!bundle || bundle.index !== receipt.batch)
    throw new CliError('USAGE', `the bundle is not of batch ${receipt.batch}, which the receipt names`)
  const signer = anchor.epochs.find(({ epoch }) => epoch === receipt.epoch)?.signer
  const batch = { epoch: bundle.epoch, statement: bundle.statement }
  const isGivenUp = isVoid(anchor.epochs, receipt.epoch, receipt.batch)
  const context = { config: anchor, signer, isGivenUp, batch, nowS: anchor.block.time, deadlineS: undefined }
  return { receipt, where: whereIs(receipt, context), audit }
}

/** The same in words. */
function* tell({ receipt, where, chain }: Found): Generator<string> {
  const { epoch, batch, slot, commitment, assignment, time } = receipt
  const promised = assignment === 0 ? 'deferred' : assignment === 255 ? 'sealed' : `shard ${assignment - 1}`
  yield `order    ${commitment}`
  yield `promised ${promised}, in batch ${batch}, slot ${slot}, epoch ${epoch}, admitted ${moment(time)}`
  if (where.fate === 'void') return yield `void     ${where.why}`
  if (where.fate === 'given-up') return yield `void     ${where.why}: its trader can redeem it for a while`
  if (where.fate === 'waiting') return yield 'waiting  the ledger has not accepted the batch yet'
  if (where.fate === 'overdue')
    return yield 'OVERDUE  the ledger has not accepted the batch, and its deadline has passed'
  if (chain) yield `accepted in block ${chain.block}, transaction ${chain.transaction}`
  if (where.fate === 'broken') return yield `BROKEN   ${where.why} than was promised`
  yield where.shard === undefined
    ? 'kept     deferred, as promised: send it again'
    : `kept     assigned to shard ${where.shard}`
  const { path = [], orderRoot = '' } = where.inclusion ?? {}
  yield `included ${path.length} hashes below the order root ${orderRoot}`
  if (where.shard !== undefined) yield 'settled  not looked at: ask the settlement contract of the shard'
}

const moment = (micros: bigint): string => new Date(Number(micros / 1000n)).toISOString()
