import { Command, Option } from 'commander'
import type { Check } from '../../../audit/check.ts'
import { readReceipt } from '../../../audit/receipt-schema.ts'
import type { SignedReceipt } from '../../../audit/records.ts'
import { type AuditReport, BatchTally, report } from '../../../audit/report.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { readBundle } from '../../audit/against.ts'
import { auditChain } from '../../audit/chain-run.ts'
import { type ChainOptions, chainOf, type VerifierOptions, verifierOption, withChain } from '../../audit/options.ts'
import { catchInvalidRecords, withReader } from '../../audit/read.ts'
import { EXIT_OF, showReport } from '../../audit/show.ts'
import { keep, resume, type StateOptions } from '../../audit/state-file.ts'
import { type OpenVerifier, withVerifier } from '../../audit/verifier.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError } from '../../shared/exit.ts'
import { batchRange } from '../../shared/parse.ts'
import { startProgress } from '../../shared/progress.ts'
import { note, type Terminal } from '../../shared/terminal.ts'

interface RunOptions extends ChainOptions, VerifierOptions, StateOptions {
  readonly batches?: readonly [bigint, bigint]
  readonly receipts?: readonly string[]
  readonly perBatch?: boolean
  readonly json?: boolean
}

const HELP = `
Reads the ledger from the RPC endpoint alone and re-checks every batch, step by step: chain records, epochs and seeds, policy with timelock
and guard rails, keys, continuity, served work, V, duplicates, roots, signer, proofs, and forced orders.

With --batches, a part of the chain: where it begins is opened from the record of the batch before. Whether an order of it was accepted
before is then not looked at.

With --state the audit goes on where the file says, up to the last block that is final, and keeps in it where it ended, as long as nothing
is wrong. A file that is missing (without --begin), altered, or not borne out by the chain ends it with exit code 2. The digest that is
printed can be asked for with --state-digest next time: the file alone cannot tell who wrote it.

Exit codes: 0 all good; 1 something is wrong (the first failed check is named, with expected and found); 2 could not check, or not all.

Examples:
  $ fairlead audit run --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit run --rpc http://127.0.0.1:8545 --ledger 0x… --batches 100-199 --per-batch --json
  $ fairlead audit run --rpc http://127.0.0.1:8545 --ledger 0x… --state audit.json --begin
`

export const runCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('run').description('re-check a ledger from the chain alone'))
      .option('--batches <from-to>', 'a range of batches; all by default', batchRange)
      .addOption(new Option('--state <file>', 'go on from here, and keep here where it ended').conflicts('batches'))
      .option('--begin', 'make the state file: it must not be there')
      .option('--state-digest <hash>', 'digest that the state file must have')
      .option('--receipts <files...>', 'receipts to hold against the chain')
      .option('--per-batch', 'with --json: what each step came to for each batch')
      .addOption(verifierOption()),
  )
    .addHelpText('after', HELP)
    .action(async (options: RunOptions) => {
      const tally = new BatchTally()
      const result = await auditLedgerOf(terminal, options, tally)
      outcome.exitCode = EXIT_OF[result.verdict]
      const { json = false, perBatch = false } = options
      showReport(terminal, perBatch ? { ...result, perBatch: tally.results } : result, json)
    })

/** Audits the ledger that options name. */
export function auditLedgerOf(terminal: Terminal, options: RunOptions, tally: BatchTally): Promise<AuditReport> {
  const source = chainOf(options)
  return withReader(source, (reader) =>
    withVerifier(options.verifier, async (verifier) => {
      const receipts = await readReceipts(options.receipts ?? [])
      const checks = catchInvalidRecords(() => checksOf(terminal, reader, verifier, receipts, options))
      return watched(terminal, options, checks, tally)
    }),
  )
}

async function* checksOf(
  terminal: Terminal,
  reader: LedgerReader,
  verifier: OpenVerifier,
  receipts: readonly SignedReceipt[],
  options: RunOptions,
): AsyncGenerator<Check> {
  const { state, batches } = options
  const latest = await reader.blockNumber()
  const toBlock = state === undefined ? latest : Math.max(0, latest - reader.config.finalityDepth)
  const resumed = await resume(reader, options)
  const timeS = BigInt((await reader.block(toBlock))?.timeS ?? 0)
  let good = true
  let digest: string | undefined
  const checks = auditChain(reader, {
    toBlock,
    range: batches,
    receipts,
    timeS,
    verifyProofs: verifier.verify,
    ...(resumed ? { from: resumed.carry, batchesFrom: resumed.block } : {}),
    onSettled: async (carry, last, epochs) => {
      if (state !== undefined && good) digest = await keep(state, reader, epochs, carry, last)
    },
  })
  for await (const check of checks) {
    if (!check.ok && check.unchecked === undefined) good = false
    yield check
  }
  if (digest !== undefined) note(terminal, `${state}: digest ${digest}`)
  else if (state !== undefined && good) note(terminal, `${state}: no new batch is final yet`)
}

/** @throws CliError FILE_UNREADABLE; JSON_INVALID for a file that is no receipt. */
export function readReceipts(files: readonly string[]): Promise<SignedReceipt[]> {
  return Promise.all(
    files.map(async (file) => {
      const receipt = readReceipt(await readBundle(file))
      if (receipt) return receipt
      throw new CliError('JSON_INVALID', `${file} holds no receipt with its signature`)
    }),
  )
}

/** Counts batches as they come by: how many there are is not known before the end. */
function watched(
  terminal: Terminal,
  { json = false }: RunOptions,
  checks: AsyncIterable<Check>,
  tally: BatchTally,
): Promise<AuditReport> {
  let last: bigint | undefined
  const quiet = json || terminal.stderr.isTTY !== true
  const progress = startProgress(terminal, 'batches', 0, quiet)
  return report(checks, (check) => {
    if (terminal.interrupted.aborted) throw new CliError('INTERRUPTED', 'stopped by Ctrl-C')
    tally.add(check)
    const { batch, ok } = check
    if (batch === undefined || batch === last) return
    last = batch
    progress.update(Number(batch) + 1, ok ? '' : 'a check failed')
  }).finally(() => progress.end())
}
