import { Command, Option } from 'commander'
import { acceptedCount } from '../../chain/accepted-count.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import type { ChainEpoch } from '../../chain/records.ts'
import { isMultiplied } from '../../policy/multiplied.ts'
import { type EpochTerms, openNextEpoch, termsOf } from '../../service/next-epoch.ts'
import type { Secrets } from '../../service/secrets.ts'
import { NO_END } from '../../statement/record.ts'
import { bookIn } from '../audit/book.ts'
import { withReader } from '../audit/read.ts'
import { asOperator, PLACE_HELP, type PlaceOptions, placeOf, withPlace } from '../operator/place.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError } from '../shared/exit.ts'
import { addresses } from '../shared/parse.ts'
import { print, printJson } from '../shared/terminal.ts'

const SHOW_HELP = `${PLACE_HELP}
"multipliers" is what reputation multiplies the shards' weights by in the epoch, of 256; it is left out where nothing is reduced.

Exit codes: 0 shown; 2 could not.
`
const ABANDON_HELP = `${PLACE_HELP}
Ends the latest epoch at the ledger's next batch, at once and for good: receipts of batches that were not accepted are void, and the bond pays the penalty for it. Batches before
that, and other epochs, are untouched. A service that runs sees it by itself: it signs and sends nothing more, and shows its batches as abandoned once that is final. After it
"fairlead epoch next", and a restart of the service.

Exit codes: 0 abandoned; 2 not.
`
const NEXT_HELP = `${PLACE_HELP}
A ledger's first epoch: announces it with the keys of the data folder, the active policy and the verifiers of the address book (--book) or of --verifier, waits for the block of its seed, and opens it.
After an abandonment: the same with the keys and verifiers of the epoch before. It goes on from the last accepted state, or with --from-reset from the public reset state, which needs no opening of the last one.
An epoch that is announced already is opened; one that is open is left as it is.

Its mode is that of the epoch before, or what --sealed or --instant say. In sealed mode the service seals each batch on chain before anybody can know its draws: an order gets a place at once
and its shard once the seal is final. In instant mode its shard is in the receipt.

Exit codes: 0 an epoch is open; 2 none could be opened.
`

const placed = (command: Command): Command => withJson(withPlace(command))

export const epochCommand = (context: CommandContext): Command =>
  new Command('epoch')
    .description('see, abandon and begin epochs, as the operator')
    .addCommand(showCommand(context))
    .addCommand(abandonCommand(context))
    .addCommand(nextCommand(context))

const showCommand = ({ terminal }: CommandContext): Command =>
  placed(new Command('show').description('show the latest epoch'))
    .addHelpText('after', SHOW_HELP)
    .action(async (options: PlaceOptions) =>
      withReader(await placeOf(options), async (reader) => {
        const epoch = await latestOf(reader)
        const facts = { ...factsOf(epoch), nextBatch: await acceptedCount(reader, { from: epoch.firstBatch }) }
        if (options.json) return printJson(terminal, facts)
        for (const [name, value] of Object.entries(facts)) print(terminal, `${name.padEnd(11)} ${value}`)
      }),
    )

const abandonCommand = ({ terminal }: CommandContext): Command =>
  placed(new Command('abandon').description('end the latest epoch at the next batch').option('--yes', 'really end it'))
    .addHelpText('after', ABANDON_HELP)
    .action(async ({ yes = false, ...options }: PlaceOptions & { yes?: boolean }) => {
      await asOperator(options, async ({ reader, writer }) => {
        const epoch = await latestOf(reader)
        if (epoch.abandoned) throw new CliError('USAGE', `epoch ${epoch.epoch} is abandoned already`)
        const end = await acceptedCount(reader, { from: epoch.firstBatch })
        if (!yes) {
          const cost = 'its receipts from there on are void and the bond pays the penalty; say --yes'
          throw new CliError('CONFIRMATION_NEEDED', `this ends epoch ${epoch.epoch} at batch ${end}: ${cost}`, {
            details: { epoch: epoch.epoch, end },
          })
        }
        await writer.abandonEpoch(end)
        if (options.json) printJson(terminal, { abandoned: epoch.epoch, end })
        else print(terminal, `epoch ${epoch.epoch} ends at batch ${end}; next: fairlead epoch next`)
      })
    })

const nextCommand = ({ terminal }: CommandContext): Command =>
  placed(
    new Command('next')
      .description('open the first epoch, or the one after one that was abandoned')
      .option('--from-reset', 'begin from the public reset state')
      .addOption(new Option('--sealed', 'announce it in sealed mode').conflicts('instant'))
      .option('--instant', 'announce it in instant mode'),
  )
    .option('--verifier <address>', 'a verifier of the first epoch; once for each', addresses)
    .addHelpText('after', NEXT_HELP)
    .action((options: NextOptions) =>
      asOperator(options, async ({ reader, writer, secrets }) => {
        const before = await reader.latestEpoch()
        const terms = before === 0n ? await firstTerms(reader, secrets, options) : {}
        const { fromReset, sealed, instant } = options
        const mode = sealed || instant ? { sealedMode: sealed === true } : {}
        const number = await openNextEpoch(reader, writer, { ...terms, ...mode, ...(fromReset && { fromReset }) })
        const facts = { ...factsOf(await reader.epoch(number)), opened: number !== before }
        if (options.json) printJson(terminal, facts)
        else
          print(
            terminal,
            `epoch ${number} is open from batch ${facts.firstBatch}, in ${facts.mode} mode; start the service, or start it again`,
          )
      }),
    )

interface NextOptions extends PlaceOptions {
  readonly fromReset?: boolean
  readonly sealed?: boolean
  readonly instant?: boolean
  readonly verifier?: string[]
}

/** What a ledger's first epoch is announced with: the data folder's keys, and verifiers of the address book or by name. @throws CliError USAGE without verifiers. */
async function firstTerms(
  { config }: LedgerReader,
  secrets: Secrets,
  options: NextOptions,
): Promise<Partial<EpochTerms>> {
  const { verifier: verifiers = Object.values(bookIn(options)?.verifiers ?? {}).map(({ address }) => address) } =
    options
  if (verifiers.length === 0) throw new CliError('USAGE', 'the first epoch needs verifiers: give --book or --verifier')
  return { ...termsOf(secrets, config), verifiers }
}

const factsOf = (found: ChainEpoch) => {
  const { epoch, firstBatch, end, abandoned, seed, fromReset, sealedMode, signer, multipliers } = found
  const state = abandoned ? 'abandoned' : seed === 0n ? 'announced' : 'open'
  const mode = sealedMode ? 'sealed' : 'instant'
  const reduced = isMultiplied(multipliers) && { multipliers }
  return { epoch, state, mode, firstBatch, ...(end === NO_END ? {} : { end }), fromReset, signer, ...reduced }
}

/** @throws CliError USAGE for a ledger without epochs. */
async function latestOf(reader: LedgerReader): Promise<ChainEpoch> {
  const latest = await reader.latestEpoch()
  if (latest === 0n) throw new CliError('USAGE', 'the ledger has no epoch')
  return reader.epoch(latest)
}
