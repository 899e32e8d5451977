import { Command } from 'commander'
import { policyWordsOf } from '../../../chain/policy-words.ts'
import { PublishedPolicy, validatePolicy } from '../../../policy/policy.ts'
import { readBundle } from '../../audit/against.ts'
import { asOperator, PLACE_HELP, type PlaceOptions, withPlace } from '../../operator/place.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError } from '../../shared/exit.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { numbered } from './file.ts'

const HELP = `${PLACE_HELP}
Queues a policy in the registry, where everybody can read it; after the registry's delay anybody may activate it ("fairlead policy activate"), and the next epoch is under it. The file has, besides what "policy diff"
reads, one settlement contract and one report signer a shard: "settlements": ["0x…", …], "reportSigners": ["0x…", …]. See what it would change with "policy diff" and "policy simulate" first.

Exit codes: 0 queued; 2 could not.

Example:
  $ fairlead policy propose proposed.json --rpc https://… --book addresses.json
`

export const proposeCommand = ({ terminal }: CommandContext): Command =>
  withJson(withPlace(new Command('propose').description('queue a policy on chain').argument('<file>', 'policy file')))
    .addHelpText('after', HELP)
    .action(async (file: string, options: PlaceOptions) => {
      const { data } = PublishedPolicy.safeParse(numbered(await readBundle(file)))
      if (!data) throw new CliError('JSON_INVALID', `${file} is no policy with settlements and report signers`)
      const policy = validatePolicy(data)
      await asOperator(options, async ({ reader, writer }) => {
        const { shards } = reader.config
        if ([policy.shards, policy.settlements, policy.reportSigners].some(({ length }) => length !== shards))
          throw new CliError('USAGE', `the ledger has ${shards} shards: the policy has another number of them`)
        const { id, policyHash, etaS } = await writer.proposePolicy(policyWordsOf(policy))
        if (options.json) return printJson(terminal, { id, policyHash, etaS })
        print(terminal, `proposal ${id}: ${policyHash}`)
        print(terminal, `may be activated from ${new Date(1000 * etaS).toISOString()}: fairlead policy activate ${id}`)
      })
    })
