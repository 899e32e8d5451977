import { Command } from 'commander'
import { formatEther } from 'ethers'
import { z } from 'zod'
import type { SignedReceipt } from '../../../audit/records.ts'
import { acceptedCount } from '../../../chain/accepted-count.ts'
import { signedWords } from '../../../chain/evidence.ts'
import {
  collectFrom,
  type Escape,
  type EscapeCall,
  type EscapeOptions,
  withAccount,
  withEscape,
} from '../../escape/escape.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { EXIT } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from '../audit/run.ts'

const HELP = `
Ends the epoch at the ledger's next batch, as anybody may where the operator failed: with a receipt whose batch is past its deadline; without one where the ledger is frozen for a forced order, or where
a sealed batch is past its deadline. The operator pays the penalty, of which half is yours (it is collected at once). Receipts of what was not accepted are void, and can be redeemed.

Exit codes: 0 ended; 1 the operator has not failed in this; 2 could not.

Examples:
  $ fairlead escape abandon my-receipt.json --rpc http://127.0.0.1:8545 --ledger 0x… --key-file key.txt
  $ fairlead escape abandon --rpc http://127.0.0.1:8545 --ledger 0x… --key-file key.txt
`

/** Refusals in words. */
const WORDS: Readonly<Record<string, string>> = {
  BatchAcceptedAlready: "the receipt's batch was accepted",
  ReceiptOutdated: "the receipt's epoch is over",
  ReceiptSignatureInvalid: "the receipt is not signed by its epoch's signer",
  NothingToAbandon: 'no epoch runs',
}

export const abandonCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withAccount(
      new Command('abandon').description('end an epoch whose operator failed').argument('[receipt]', 'an overdue one'),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: EscapeOptions) => {
      const [receipt] = file === undefined ? [] : await readReceipts([file])
      await withEscape(terminal, options, async (way) => {
        const { caller, send, sent } = way
        const { reader } = way
        const latest = await reader.latestEpoch()
        const runs = latest > 0n && !(await reader.epochEnd(latest)).abandoned
        const end = await acceptedCount(reader)
        const call = await callFor(way, end, receipt)
        const refusal = runs ? await caller.refusal(call) : NOTHING
        if (refusal) {
          const why = wordsOf(refusal)
          outcome.exitCode = EXIT.failed
          return options.json ? printJson(terminal, { why, calls: sent }) : print(terminal, `refused  ${why}`)
        }
        await send(call)
        const reward = await collectFrom(way, 'bond')
        if (options.json) return printJson(terminal, { end, reward, calls: sent })
        print(terminal, `ended    at batch ${end}; ${formatEther(reward)} ETH collected; next: fairlead escape redeem`)
      })
    })

const NOTHING = { error: 'NothingToAbandon', args: [] }

/** The call for what the operator failed in. */
async function callFor({ caller }: Escape, end: bigint, receipt: SignedReceipt | undefined): Promise<EscapeCall> {
  if (receipt) {
    const [promise, { r, vs }] = signedWords(receipt)
    return { contract: 'ledger', method: 'abandonOverdue', args: [end, promise, r, vs] }
  }
  const frozen = await caller.ask('ledger', 'frozen', [], z.boolean())
  if (frozen) return { contract: 'inbox', method: 'abandon', args: [end] }
  return { contract: 'ledger', method: 'abandonUndelivered', args: [end] }
}

function wordsOf({ error, args: [until] }: { readonly error: string; readonly args: readonly unknown[] }): string {
  if (error !== 'NotOverdue') return WORDS[error] ?? `it is refused: ${error}`
  const moment = new Date(Number(until) * 1000)
  // Without a seal the contract counts from 0.
  if (moment.getUTCFullYear() < 2015) return 'the ledger is not frozen, and no sealed batch is overdue: give a receipt'
  return `nothing is overdue before ${moment.toISOString()}`
}
