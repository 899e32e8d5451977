import { Command } from 'commander'
import { formatEther } from 'ethers'
import { type EscapeOptions, withAccount, withEscape, withWait } from '../../escape/escape.ts'
import { readOwnOrder } from '../../escape/own-order.ts'
import { type Redeemed, redeem } from '../../escape/redeem.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT, type ExitCode } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { afterText, passes } from '../../shared/window.ts'
import { readReceipts } from '../audit/run.ts'

const HELP = `
Is paid for a receipt that became void when its epoch was ended. RECEIPT is the receipt, or the answer that it came in; ORDER is what "fairlead order --terms … --save" or the client kept: only the account in its
terms can claim. Claims are open for a while, then the pot is shared among them. What can be sent now is sent; run it again, or --wait, for the rest: nothing is sent twice.

Exit codes: 0 paid; 1 there is nothing to redeem; 2 something has to pass first, or could not be done.

Example:
  $ fairlead escape redeem my-receipt.json my-order.json --rpc http://127.0.0.1:8545 --ledger 0x… --key-file key.txt --wait 8d
`

const EXITS: Readonly<Record<Redeemed['outcome'], ExitCode>> = {
  paid: EXIT.done,
  refused: EXIT.failed,
  later: EXIT.unable,
}

export const redeemCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withWait(
      withAccount(
        new Command('redeem')
          .description('be paid for a void receipt')
          .argument('<receipt>', 'the void receipt')
          .argument('<order>', 'its order, with terms'),
      ),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (receiptFile: string, orderFile: string, options: EscapeOptions & { readonly wait: number }) => {
      const [receipt] = await readReceipts([receiptFile])
      if (!receipt) throw new CliError('USAGE', 'give a receipt')
      const order = await readOwnOrder(orderFile)
      await withEscape(terminal, options, async (way) => {
        const giveUp = Date.now() + options.wait
        let found = await redeem(way, receipt, order)
        while (found.outcome === 'later' && (await passes(terminal, way.reader, found.after, giveUp)))
          found = await redeem(way, receipt, order)
        outcome.exitCode = EXITS[found.outcome]
        if (options.json) printJson(terminal, { ...found, calls: way.sent })
        else print(terminal, lineOf(found))
      })
    })

function lineOf(found: Redeemed): string {
  if (found.outcome === 'refused') return `refused  ${found.why}`
  if (found.outcome === 'later') return `later    come back after ${afterText(found.after)}: ${found.why}`
  return `paid     ${formatEther(found.amount)} ETH`
}
