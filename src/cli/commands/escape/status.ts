import { Command } from 'commander'
import { type EscapeOptions, withAccount, withEscape } from '../../escape/escape.ts'
import { inboxState, placeInInbox } from '../../escape/inbox-state.ts'
import { readOwnOrder } from '../../escape/own-order.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { print, printJson } from '../../shared/terminal.ts'

const HELP = `
Shows what the inbox of forced orders asks of the operator, and by when; with FILE, where that order waits. The deadline counts the time in which the ledger could take batches: it stands while
no epoch is open.

Exit codes: 0 shown; 2 could not.
`

export const statusCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    withAccount(new Command('status').description('what is forced, and by when').argument('[file]', 'one order')),
  )
    .addHelpText('after', HELP)
    .action((file: string | undefined, options: EscapeOptions) =>
      withEscape(terminal, options, async ({ caller }) => {
        const state = await inboxState({ caller })
        const commitment = file === undefined ? undefined : (await readOwnOrder(file)).commitment
        const number = commitment === undefined ? undefined : await placeInInbox({ caller }, commitment)
        const waits = number !== undefined
        const order = commitment !== undefined && { commitment, ...(waits && { number }), waits }
        if (options.json) return printJson(terminal, { ...state, ...(order && { order }) })
        const { posted, due, leftS, overdue, frozen } = state
        const when = overdue ? 'overdue: anybody may freeze the ledger' : `due in ${leftS} s of the ledger's time`
        print(terminal, `posted   ${posted}`)
        print(
          terminal,
          due.left === 0n ? 'due      none' : `due      ${due.left} of orders ${due.from} … ${due.to - 1n}, ${when}`,
        )
        print(terminal, `ledger   ${frozen ? 'frozen: anybody may end the epoch' : 'runs'}`)
        if (order)
          print(
            terminal,
            `order    ${order.waits ? `number ${order.number}, waits` : 'does not wait: taken, or never posted'}`,
          )
      }),
    )
