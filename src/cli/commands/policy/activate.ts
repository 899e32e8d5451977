import { Command } from 'commander'
import { asOperator, PLACE_HELP, type PlaceOptions, withPlace } from '../../operator/place.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { EXIT } from '../../shared/exit.ts'
import { positive } from '../../shared/parse.ts'
import { print, printJson } from '../../shared/terminal.ts'

const HELP = `${PLACE_HELP}
Makes a ripe proposal the active policy, which the next epoch is under; epochs that run keep theirs.

Exit codes: 0 it is active; 1 it is not ripe; 2 could not.
`

export const activateCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withPlace(
      new Command('activate')
        .description('make a ripe proposal the active policy')
        .argument('<id>', 'its number', positive),
    ),
  )
    .addHelpText('after', HELP)
    .action((id: number, options: PlaceOptions) =>
      asOperator(options, async ({ reader, writer }) => {
        const { status = 'unknown' } = (await reader.proposals())[id - 1] ?? {}
        if (status === 'ripe') await writer.activatePolicy(BigInt(id))
        const active = status === 'ripe' || status === 'active'
        if (!active) outcome.exitCode = EXIT.failed
        if (options.json) return printJson(terminal, { id, active, status: active ? 'active' : status })
        print(terminal, active ? `proposal ${id} is active` : `proposal ${id} is ${status}`)
      }),
    )
