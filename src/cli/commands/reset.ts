import { rm } from 'node:fs/promises'
import { Command } from 'commander'
import { dataPaths } from '../../service/config.ts'
import { lockDataDir } from '../../service/data-lock.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { openDataDir } from '../shared/data-dir.ts'
import { CliError } from '../shared/exit.ts'
import { dataDirOption } from '../shared/options.ts'
import { print, printJson } from '../shared/terminal.ts'

interface ResetOptions {
  readonly dataDir: string
  readonly yes?: boolean
  readonly json?: boolean
}

const HELP = `
Deletes the whole data folder: keys, API keys, orders' openings and the local chain. Circuits and contracts that were built stay.
A folder that holds anything else is left alone, and so is one that a service is using.

Exit codes: 0 deleted; 2 not deleted.
`

export const resetCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    new Command('reset')
      .description('delete the data folder')
      .addOption(dataDirOption())
      .option('--yes', 'really delete it'),
  )
    .addHelpText('after', HELP)
    .action(async ({ dataDir, yes = false, json }: ResetOptions) => {
      const { path, names } = await openDataDir(dataDir)
      if (!yes)
        throw new CliError('CONFIRMATION_NEEDED', `this deletes ${path} (${names.join(', ')}); say --yes`, {
          details: { path, names },
        })
      // Held while deleting, so that no service starts in between; it goes with the folder.
      await lockDataDir(dataPaths(path).lock)
      await rm(path, { recursive: true })
      if (json) printJson(terminal, { deleted: path })
      else print(terminal, `deleted ${path}`)
    })
