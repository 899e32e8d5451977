import { Command } from 'commander'
import { formatEther } from 'ethers'
import { z } from 'zod'
import { SIDES } from '../../../order/order.ts'
import { type EscapeCall, type EscapeOptions, withAccount, withEscape } from '../../escape/escape.ts'
import { placeInInbox } from '../../escape/inbox-state.ts'
import { readOwnOrder } from '../../escape/own-order.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { EXIT } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'

const HELP = `
Posts an order on chain, opened, for the inbox's fee: the operator has to take it in the queue's order, though it may defer it. It becomes public by this. FILE is what "fairlead order --save"
or the client kept. The order is of the segment that is registered for your account, retail by default.

Exit codes: 0 posted, or waiting already; 1 the inbox refuses it; 2 could not.

Example:
  $ fairlead escape force my-order.json --rpc http://127.0.0.1:8545 --ledger 0x… --key-file key.txt
`

export const forceCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withAccount(new Command('force').description('post an order that has to be taken').argument('<file>', 'the order')),
  )
    .addHelpText('after', HELP)
    .action((file: string, options: EscapeOptions) =>
      withEscape(terminal, options, async ({ caller, send, sent }) => {
        const { size, side, segment, details, commitment } = await readOwnOrder(file)
        const place = () => placeInInbox({ caller }, commitment)
        const value = await caller.ask('inbox', 'fee', [], z.bigint())
        const args = [size, SIDES.indexOf(side), details, commitment]
        const post: EscapeCall = { contract: 'inbox', method: 'post', args, value }
        const waited = (await place()) !== undefined
        const refusal = waited ? undefined : await caller.refusal(post)
        if (refusal) {
          const why =
            refusal.error === 'CommitmentMismatch'
              ? `the order is ${segment}, and account ${caller.address} is registered for the other segment`
              : `the inbox refuses it: ${refusal.error}`
          outcome.exitCode = EXIT.failed
          return options.json
            ? printJson(terminal, { commitment, why, calls: sent })
            : print(terminal, `refused  ${why}`)
        }
        if (!waited) await send(post)
        const number = await place()
        if (options.json) return printJson(terminal, { commitment, number, fee: waited ? 0n : value, calls: sent })
        const how = waited ? 'waits already' : `posted for ${formatEther(value)} ETH`
        print(
          terminal,
          `order    ${number} of the inbox, ${how}; "fairlead escape status" tells by when it has to be taken`,
        )
      }),
    )
