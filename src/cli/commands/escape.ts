import { Command } from 'commander'
import type { CommandContext } from '../shared/action.ts'
import { abandonCommand } from './escape/abandon.ts'
import { forceCommand } from './escape/force.ts'
import { freezeCommand } from './escape/freeze.ts'
import { redeemCommand } from './escape/redeem.ts'
import { statusCommand } from './escape/status.ts'

const HELP = `
When the operator does not serve you: everything here goes to the contracts alone. An order is forced in by posting it on chain; where it is not taken in time anybody may freeze the
ledger; where a batch stays away past its deadline anybody with a receipt of it may end the epoch; and receipts that became void are paid for out of the operator's stake.
`

export const escapeCommand = (context: CommandContext): Command =>
  new Command('escape')
    .description("a trader's way past the operator: force orders in, end an epoch, redeem void receipts")
    .addHelpText('after', HELP)
    .addCommand(forceCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(freezeCommand(context))
    .addCommand(abandonCommand(context))
    .addCommand(redeemCommand(context))
