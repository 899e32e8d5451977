import { auditBundles, bundlesOf } from '../../audit/bundle-list.ts'
import { Bundle } from '../../audit/bundle-schema.ts'
import { circuitShape } from '../../audit/circuit-name.ts'
import type { SignedReceipt } from '../../audit/records.ts'
import { type AuditReport, report } from '../../audit/report.ts'
import { type ObservedBatch, observe } from '../../fairness/observed.ts'
import type { ForcedReport, MoreEvidence } from '../../fairness/report.ts'
import type { SigningDomain } from '../../order/domain.ts'
import type { Statement } from '../../statement/statement.ts'
import { CliError } from '../shared/exit.ts'
import { readAnchorFile, readBundle } from './against.ts'
import { auditChain } from './chain-run.ts'
import { forcedReport, receiptsReport } from './evidence.ts'
import { type ChainOptions, sourceOf, type VerifierOptions } from './options.ts'
import { catchInvalidRecords, withReader } from './read.ts'
import { withVerifier } from './verifier.ts'

/** Where published batches come from. */
export interface ObserveOptions extends ChainOptions, VerifierOptions {
  readonly batches?: readonly [bigint, bigint]
  readonly anchor?: string
  /** Receipts to hold against the batches, from the chain alone. */
  readonly held?: readonly SignedReceipt[]
}

/** What was published, audited on the way: what was never accepted says nothing. */
export interface Published {
  readonly domain: SigningDomain
  readonly audit: AuditReport
  readonly batches: readonly { readonly statement: Statement; readonly slots: number; readonly blockTime?: bigint }[]
  /** Forced orders, where the chain was read and the ledger has an inbox. */
  readonly forced?: ForcedReport | undefined
}

/** Published batches from the chain, or from a file of bundles with its anchor. @throws CliError USAGE. */
function readPublished(file: string | undefined, options: ObserveOptions): Promise<Published> {
  const source = sourceOf(options)
  if ((file === undefined) === (source === undefined))
    throw new CliError('USAGE', 'give either --rpc and --ledger, or a file of bundles with --anchor')
  return file === undefined ? fromChain(options) : fromBundles(file, options)
}

/** As far as fairness rests on them. */
export async function observeBatches(
  file: string | undefined,
  options: ObserveOptions,
): Promise<{ readonly audit: AuditReport; readonly batches: readonly ObservedBatch[] } & MoreEvidence> {
  const { audit, batches, forced } = await readPublished(file, options)
  const observed = batches.map(({ statement, slots, blockTime }) => observe(statement, slots, blockTime))
  return { audit, batches: observed, forced, receipts: options.held && receiptsReport(options.held, observed) }
}

/** Statements by index. */
export async function observeStatements(
  file: string | undefined,
  options: ObserveOptions,
): Promise<Omit<Published, 'batches'> & { readonly statements: ReadonlyMap<bigint, Statement> }> {
  const { batches, ...rest } = await readPublished(file, options)
  return { ...rest, statements: new Map(batches.map(({ statement }) => [statement.batchIndex, statement])) }
}

function fromChain(options: ObserveOptions): Promise<Published> {
  const source = sourceOf(options)
  if (!source) throw new CliError('USAGE', 'give --rpc and --ledger')
  return withReader(source, (reader) =>
    withVerifier(options.verifier, async ({ verify }) => {
      const [epochs, latest] = await Promise.all([reader.epochs(), reader.blockNumber()])
      const forced = await reader.forced(latest)
      const timeS = BigInt((await reader.block(latest))?.timeS ?? 0)
      const batches: Published['batches'][number][] = []
      const checks = catchInvalidRecords(() =>
        auditChain(reader, {
          range: options.batches,
          toBlock: latest,
          receipts: options.held,
          timeS,
          verifyProofs: verify,
          onStatement: (statement, { epoch, submission, blockTime }) => {
            const slots = epochs.find(({ epoch: number }) => number === epoch)?.verifiers[submission.verifier]?.slots
            batches.push({ statement, slots: slots ?? statement.commitments.length, blockTime })
          },
        }),
      )
      return { domain: reader.config, audit: await report(checks), batches, forced: forced && forcedReport(forced) }
    }),
  )
}

async function fromBundles(file: string, { anchor, verifier, held }: ObserveOptions): Promise<Published> {
  if (held) throw new CliError('USAGE', '--receipts are for a chain, which alone knows when it accepted a batch')
  if (anchor === undefined) throw new CliError('USAGE', 'give --anchor, which says that the bundles were accepted')
  const inputs = bundlesOf(await readBundle(file))
  const against = await readAnchorFile(anchor)
  const audit = await withVerifier(verifier, ({ verify }) =>
    report(auditBundles(inputs, { anchor: against }, { verifyProofs: verify })),
  )
  const batches = inputs.flatMap((input) => {
    const bundle = Bundle.safeParse(input).data
    const slots = bundle && circuitShape(bundle.circuit)?.slots
    return bundle && slots !== undefined ? [{ statement: bundle.statement, slots }] : []
  })
  return { domain: against, audit, batches }
}
