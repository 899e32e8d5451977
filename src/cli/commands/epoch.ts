import { setTimeout as delay } from 'node:timers/promises'
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
import { ServiceClient } from '../service-client.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { readClientKeys } from '../shared/client-keys.ts'
import { CliError } from '../shared/exit.ts'
import { dataDirOption, urlOption } from '../shared/options.ts'
import { addresses } from '../shared/parse.ts'
import { note, print, printJson } from '../shared/terminal.ts'

const SHOW_HELP = `${PLACE_HELP}
"multipliers" is what reputation multiplies the shards' weights by in the epoch, of 256; it is left out where nothing is reduced.

Exit codes: 0 shown; 2 could not.
`
const ABANDON_HELP = `${PLACE_HELP}
Ends the latest epoch at the ledger's next batch, at once and for good: receipts of batches that were not accepted are void, and the bond pays the penalty for it. Batches before
that, and other epochs, are untouched. A service that runs sees it by itself: it signs and sends nothing more, and shows its batches as abandoned once that is final. After it
"fairlead epoch next": the service goes on in it by itself.

Exit codes: 0 abandoned; 2 not.
`
const CHANGE_HELP = `
Asks the service to end the running epoch after the batch that is open, and to begin the next one under the registry's active policy, with the same keys and verifiers: how a policy that was
activated comes into force. Nothing is void and no penalty is due. From the last batch until the ledger has accepted it and the next epoch's seed is final there are no receipts: clients
are told to come again. The service announces and opens the epoch with its submitter's account, which must be the operator; where that is another, such as a multisig, the operator
announces it for a batch well ahead, and the service follows.

The API key is --key, which needs the scope epochs:write, or the operator's that the data folder keeps. Waits until the service is in the next epoch; Ctrl-C ends the waiting, not the change.

Exit codes: 0 the next epoch runs; 2 it could not be begun.
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
    .description('see, change, abandon and begin epochs, as the operator')
    .addCommand(showCommand(context))
    .addCommand(changeCommand(context))
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

const changeCommand = ({ terminal }: CommandContext): Command =>
  withJson(withMode(new Command('change').description('end the running epoch in order, and begin the next one')))
    .addOption(urlOption())
    .addOption(dataDirOption())
    .option('--key <token>', 'API key with the scope epochs:write')
    .addHelpText('after', CHANGE_HELP)
    .action(async ({ url, dataDir, key, json, ...mode }: ChangeOptions) => {
      const operator = key ?? (await readClientKeys(dataDir)).operator
      if (operator === undefined) throw new CliError('USAGE', `${dataDir} keeps no operator's key: give --key`)
      const client = new ServiceClient(url, { operator }, terminal.interrupted)
      const { epoch, end } = await client.changeEpoch(modeOf(mode))
      note(terminal, `epoch ${epoch} ends before batch ${end}; waiting for its last batch and the next epoch`)
      const next = await nextPolicy(client, BigInt(epoch), terminal.interrupted)
      const facts = { epoch: next.epoch, mode: modeName(next), firstBatch: end, policyHash: next.policyHash }
      if (json) printJson(terminal, facts)
      else
        print(
          terminal,
          `epoch ${facts.epoch} runs from batch ${end}, in ${facts.mode} mode, under policy ${facts.policyHash}`,
        )
    })

const nextCommand = ({ terminal }: CommandContext): Command =>
  placed(
    withMode(
      new Command('next')
        .description('open the first epoch, or the one after one that was abandoned')
        .option('--from-reset', 'begin from the public reset state'),
    ),
  )
    .option('--verifier <address>', 'a verifier of the first epoch; once for each', addresses)
    .addHelpText('after', NEXT_HELP)
    .action((options: NextOptions) =>
      asOperator(options, async ({ reader, writer, secrets }) => {
        const before = await reader.latestEpoch()
        const terms = before === 0n ? await firstTerms(reader, secrets, options) : {}
        const { fromReset } = options
        const asked = modeOf(options)
        const mode = asked && { sealedMode: asked === 'sealed' }
        const number = await openNextEpoch(reader, writer, { ...terms, ...mode, ...(fromReset && { fromReset }) })
        const facts = { ...factsOf(await reader.epoch(number)), opened: number !== before }
        if (options.json) printJson(terminal, facts)
        else
          print(
            terminal,
            `epoch ${number} is open from batch ${facts.firstBatch}, in ${facts.mode} mode; a service that runs goes on in it`,
          )
      }),
    )

interface ModeOptions {
  readonly sealed?: boolean
  readonly instant?: boolean
}

interface NextOptions extends PlaceOptions, ModeOptions {
  readonly fromReset?: boolean
  readonly verifier?: string[]
}

interface ChangeOptions extends ModeOptions {
  readonly url: string
  readonly dataDir: string
  readonly key?: string
  readonly json?: boolean
}

/** Adds the options that say in which mode an epoch is. */
const withMode = (command: Command): Command =>
  command
    .addOption(new Option('--sealed', 'announce it in sealed mode').conflicts('instant'))
    .option('--instant', 'announce it in instant mode')

/** The mode that is asked for, if one is. */
const modeOf = ({ sealed, instant }: ModeOptions): 'sealed' | 'instant' | undefined => {
  if (sealed) return 'sealed'
  return instant ? 'instant' : undefined
}

const modeName = ({ sealedMode }: Pick<ChainEpoch, 'sealedMode'>) => (sealedMode ? 'sealed' : 'instant')

/** How often a service is asked for its epoch, ms. */
const LOOK_MS = 500

/** The policy of a later epoch, once the service is in one; it does not answer while it goes over. @throws CliError INTERRUPTED, SERVICE_REFUSED. */
async function nextPolicy(client: ServiceClient, epoch: bigint, interrupted: AbortSignal) {
  for (;;) {
    const policy = await client.policy().catch((error: unknown) => {
      if (error instanceof CliError && error.code === 'SERVICE_UNREACHABLE') return undefined
      throw error
    })
    if (policy && BigInt(policy.epoch) > epoch) return policy
    await delay(LOOK_MS, undefined, { signal: interrupted }).catch((cause: unknown) => {
      throw new CliError('INTERRUPTED', 'stopped by Ctrl-C; the change goes on', { cause })
    })
  }
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
  const mode = modeName({ sealedMode })
  const reduced = isMultiplied(multipliers) && { multipliers }
  return { epoch, state, mode, firstBatch, ...(end === NO_END ? {} : { end }), fromReset, signer, ...reduced }
}

/** @throws CliError USAGE for a ledger without epochs. */
async function latestOf(reader: LedgerReader): Promise<ChainEpoch> {
  const latest = await reader.latestEpoch()
  if (latest === 0n) throw new CliError('USAGE', 'the ledger has no epoch')
  return reader.epoch(latest)
}
