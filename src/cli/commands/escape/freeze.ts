import { Command } from 'commander'
import { type EscapeCall, type EscapeOptions, withAccount, withEscape } from '../../escape/escape.ts'
import { inboxState } from '../../escape/inbox-state.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { EXIT } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'

const HELP = `
Stops the ledger because a forced order is past its deadline: the operator loses part of its stake, of which half is yours, and the orders' fees go back to their traders. Afterwards "fairlead
escape abandon" ends the epoch, and whatever it promised and did not keep can be redeemed.

Exit codes: 0 frozen; 1 no forced order is overdue; 2 could not.
`

export const freezeCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(withAccount(new Command('freeze').description('stop a ledger that ignores a forced order')))
    .addHelpText('after', HELP)
    .action((options: EscapeOptions) =>
      withEscape(terminal, options, async ({ caller, send, sent }) => {
        const freeze: EscapeCall = { contract: 'inbox', method: 'freeze', args: [] }
        const { frozen } = await inboxState({ caller })
        const refusal = frozen ? undefined : await caller.refusal(freeze)
        if (refusal) {
          const why = refusal.error === 'NotOverdue' ? 'no forced order is overdue' : `it is refused: ${refusal.error}`
          outcome.exitCode = EXIT.failed
          return options.json ? printJson(terminal, { why, calls: sent }) : print(terminal, `refused  ${why}`)
        }
        if (!frozen) await send(freeze)
        if (options.json) return printJson(terminal, { frozen: true, calls: sent })
        print(
          terminal,
          `frozen   ${frozen ? 'it was already' : 'the ledger takes no batch'}; next: fairlead escape abandon`,
        )
      }),
    )
