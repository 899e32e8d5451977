import { Command } from 'commander'
import { withReader } from '../../audit/read.ts'
import { PLACE_HELP, type PlaceOptions, placeOf, withPlace } from '../../operator/place.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { print, printJson } from '../../shared/terminal.ts'

const HELP = `${PLACE_HELP}
Exit codes: 0 shown; 2 could not.
`

export const queueCommand = ({ terminal }: CommandContext): Command =>
  withJson(withPlace(new Command('queue').description('every policy that was proposed, and what became of it')))
    .addHelpText('after', HELP)
    .action(async (options: PlaceOptions) =>
      withReader(await placeOf(options), async (reader) => {
        const proposals = (await reader.proposals()).map((proposal, i) => ({ id: i + 1, ...proposal }))
        if (options.json) return printJson(terminal, { proposals })
        for (const { id, policyHash, status } of proposals) print(terminal, `${id} ${policyHash} ${status}`)
        if (proposals.length === 0) print(terminal, 'nothing was proposed')
      }),
    )
