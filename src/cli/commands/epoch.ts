import { Command } from 'commander'
import { acceptedCount } from '../../chain/accepted-count.ts'
import { LedgerReader } from '../../chain/reader.ts'
import { NO_END } from '../../chain/reader-schema.ts'
import type { ChainEpoch } from '../../chain/records.ts'
import { LedgerWriter } from '../../chain/writer.ts'
import { isMultiplied } from '../../policy/multiplied.ts'
import { dataPaths } from '../../service/config.ts'
import { readDeployment } from '../../service/deployment-file.ts'
import { openNextEpoch } from '../../service/next-epoch.ts'
import { readSecrets } from '../../service/secrets.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { DEFAULTS } from '../shared/defaults.ts'
import { CliError } from '../shared/exit.ts'
import { dataDirOption } from '../shared/options.ts'
import { address, url } from '../shared/parse.ts'
import { print, printJson } from '../shared/terminal.ts'

interface EpochOptions {
  readonly dataDir: string
  readonly rpc: string
  readonly ledger?: string
  readonly json?: boolean
}

const PLACE = `
The ledger is the data folder's unless --ledger names another. What is sent is signed with the submitter's key in the data folder, whose account must be the operator's;
a service may go on meanwhile.
`
const SHOW_HELP = `${PLACE}
"multipliers" is what reputation multiplies the shards' weights by in the epoch, of 256; it is left out where nothing is reduced.

Exit codes: 0 shown; 2 could not.
`
const ABANDON_HELP = `${PLACE}
Ends the latest epoch at the ledger's next batch, at once and for good: receipts of batches that were not accepted are void, and the bond pays the penalty for it. Batches before
that, and other epochs, are untouched. A service that runs sees it by itself: it signs and sends nothing more, and shows its batches as abandoned once that is final. After it
"fairlead epoch next", and a restart of the service.

Exit codes: 0 abandoned; 2 not.
`
const NEXT_HELP = `${PLACE}
After an abandonment: announces the next epoch with the same keys, policy and verifiers, waits for the block of its seed, and opens it. It goes on from the last accepted state, or with
--from-reset from the public reset state, which needs no opening of the last one. An epoch that is announced already is opened; one that is open is left as it is.

Exit codes: 0 an epoch is open; 2 none could be opened.
`

export const epochCommand = (context: CommandContext): Command =>
  new Command('epoch')
    .description('see, abandon and begin epochs, as the operator')
    .addCommand(showCommand(context))
    .addCommand(abandonCommand(context))
    .addCommand(nextCommand(context))

const withPlace = (command: Command): Command =>
  withJson(
    command
      .addOption(dataDirOption())
      .option('--rpc <url>', 'RPC endpoint of the chain', url, `http://${DEFAULTS.host}:${DEFAULTS.chainPort}`)
      .option('--ledger <address>', 'address of the ledger', address),
  )

const showCommand = ({ terminal }: CommandContext): Command =>
  withPlace(new Command('show').description('show the latest epoch'))
    .addHelpText('after', SHOW_HELP)
    .action(async (options: EpochOptions) => {
      const reader = await LedgerReader.connect(await placeOf(options))
      try {
        const epoch = await latestOf(reader)
        const facts = { ...factsOf(epoch), nextBatch: await acceptedCount(reader, { from: epoch.firstBatch }) }
        if (options.json) return printJson(terminal, facts)
        for (const [name, value] of Object.entries(facts)) print(terminal, `${name.padEnd(11)} ${value}`)
      } finally {
        reader.close()
      }
    })

const abandonCommand = ({ terminal }: CommandContext): Command =>
  withPlace(
    new Command('abandon').description('end the latest epoch at the next batch').option('--yes', 'really end it'),
  )
    .addHelpText('after', ABANDON_HELP)
    .action(async ({ yes = false, ...options }: EpochOptions & { yes?: boolean }) => {
      const { reader, writer, close } = await asOperator(options)
      try {
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
      } finally {
        close()
      }
    })

const nextCommand = ({ terminal }: CommandContext): Command =>
  withPlace(
    new Command('next')
      .description('open the epoch after one that was abandoned')
      .option('--from-reset', 'begin from the public reset state'),
  )
    .addHelpText('after', NEXT_HELP)
    .action(async ({ fromReset = false, ...options }: EpochOptions & { fromReset?: boolean }) => {
      const { reader, writer, close } = await asOperator(options)
      try {
        const before = await reader.latestEpoch()
        const number = await openNextEpoch(reader, writer, fromReset ? { fromReset } : {})
        const facts = { ...factsOf(await reader.epoch(number)), opened: number !== before }
        if (options.json) printJson(terminal, facts)
        else print(terminal, `epoch ${number} is open from batch ${facts.firstBatch}; restart the service`)
      } finally {
        close()
      }
    })

const factsOf = ({ epoch, firstBatch, end, abandoned, seed, fromReset, signer, multipliers }: ChainEpoch) => {
  const state = abandoned ? 'abandoned' : seed === 0n ? 'announced' : 'open'
  return {
    epoch,
    state,
    firstBatch,
    ...(end === NO_END ? {} : { end }),
    fromReset,
    signer,
    ...(isMultiplied(multipliers) && { multipliers }),
  }
}

/** @throws CliError USAGE for a ledger without epochs. */
async function latestOf(reader: LedgerReader): Promise<ChainEpoch> {
  const latest = await reader.latestEpoch()
  if (latest === 0n) throw new CliError('USAGE', 'the ledger has no epoch')
  return reader.epoch(latest)
}

/** @throws CliError USAGE when nothing names a ledger. */
async function placeOf({ dataDir, rpc, ledger }: EpochOptions) {
  if (ledger !== undefined) return { rpcUrl: rpc, ledger }
  const known = await readDeployment(dataPaths(dataDir).deployment)
  if (!known) throw new CliError('USAGE', `${dataDir} holds no ledger: give --ledger`)
  return { rpcUrl: rpc, ledger: known.ledger, fromBlock: known.fromBlock }
}

async function asOperator(options: EpochOptions) {
  const source = await placeOf(options)
  const secrets = await readSecrets(dataPaths(options.dataDir).secrets)
  if (!secrets) throw new CliError('FILE_UNREADABLE', `${options.dataDir} holds no keys`)
  const reader = await LedgerReader.connect(source)
  const writer = await LedgerWriter.connect({ ...source, privateKey: secrets.submitterKey })
  const close = (): void => {
    reader.close()
    writer.close()
  }
  return { reader, writer, close }
}
