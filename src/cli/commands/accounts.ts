import { Command } from 'commander'
import { computeAddress } from 'ethers'
import { keyCommitmentOf } from '../../policy/keys.ts'
import { dataPaths } from '../../service/config.ts'
import { loadSecrets } from '../../service/secrets.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { dataDirOption } from '../shared/options.ts'
import { print, printJson } from '../shared/terminal.ts'

const HELP = `
Makes the operator's keys in the data folder where there are none yet, and shows what is public of them: the accounts that need ether, and what an epoch is announced with. The keys themselves stay in secrets.json: nobody
can go on with an epoch without them, and whoever has the operator key can predict every draw.

Exit codes: 0 shown; 2 could not.

Example:
  $ fairlead accounts --data-dir /var/lib/fairlead
`

export const accountsCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    new Command('accounts').description("make an operator's keys, and show its accounts").addOption(dataDirOption()),
  )
    .addHelpText('after', HELP)
    .action(async ({ dataDir, json }: { dataDir: string; json?: boolean }) => {
      const { submitterKey, dutyKey, signerKey, operatorKey } = await loadSecrets(dataPaths(dataDir).secrets)
      const [submitter, duty, signer] = [submitterKey, dutyKey, signerKey].map((key) => computeAddress(key))
      const keyCommit = keyCommitmentOf(operatorKey)
      if (json) return printJson(terminal, { submitter, duty, signer, keyCommit })
      print(
        terminal,
        `submitter ${submitter}  sends batches, gets their rewards, needs ether; the deployment's operator`,
      )
      print(terminal, `duty      ${duty}  answers the contracts around the ledger, needs ether`)
      print(terminal, `signer    ${signer}  signs receipts and batches`)
      print(terminal, `keyCommit ${keyCommit}`)
    })
