import { Command, Option } from 'commander'
import type { Segment } from '../../order/order.ts'
import { type ApiKeyInfo, ApiKeys } from '../../service/api-keys.ts'
import { SCOPE_NAMES, SCOPES, type Scope, TRADER_SCOPES } from '../../service/scopes.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { dataDirOption } from '../shared/options.ts'
import { duration, endOfLife, positive, scope, segment } from '../shared/parse.ts'
import { type StoreChoice, withDatabase } from '../shared/store.ts'
import { print, printJson, type Terminal } from '../shared/terminal.ts'

interface StoreOptions extends StoreChoice {
  readonly json?: boolean
}

const HELP = `
A key attests the class of its holder's orders: retail or institutional. Its token is shown once, when it is made, and stored as a hash.
What a key may do is its scopes; without --scope it gets those of a trader (*):
${SCOPE_NAMES.map((name) => `  ${name.padEnd(15)} ${TRADER_SCOPES.includes(name) ? '*' : ' '} ${SCOPES[name]}`).join('\n')}
The embedded database belongs to one process: stop the service first, or use --database-url.

Exit codes: 0 done; 2 could not be done.
`

export const keysCommand = (context: CommandContext): Command =>
  new Command('keys')
    .description('make, list, rotate and revoke API keys')
    .addHelpText('after', HELP)
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(revokeCommand(context))

const withStore = (command: Command): Command =>
  withJson(command)
    .addOption(dataDirOption())
    .option('--database-url <url>', 'PostgreSQL in place of the embedded database')

const createCommand = ({ terminal }: CommandContext): Command =>
  withStore(
    new Command('create')
      .description('make a key and show its token, once')
      .requiredOption('--name <text>', 'whose key it is: 1 to 64 printable characters')
      .requiredOption('--segment <segment>', 'retail or institutional', segment)
      .option('--scope <scope>', 'what it may do; once for each', scope)
      .option('--rate <requests>', 'requests a second (default: as the service is set up)', positive)
      .option('--orders-per-day <orders>', 'orders with a receipt on one UTC day (default: no limit)', positive)
      .option('--expires <time>', EXPIRES, endOfLife),
  ).action(({ name, segment, scope: scopes, rate, ordersPerDay, expires: expiresMs, ...options }: CreateOptions) =>
    withKeys(options, async (keys) => {
      const made = await keys.create({ name, segment, ...(scopes && { scopes }), rate, ordersPerDay, expiresMs })
      showToken(terminal, made, options)
    }),
  )

const EXPIRES = 'when it ends: a time to come such as 90d, or a UTC time (default: never)'

interface CreateOptions extends StoreOptions {
  readonly name: string
  readonly segment: Segment
  readonly scope?: Scope[]
  readonly rate?: number
  readonly ordersPerDay?: number
  readonly expires?: number
}

function showToken(terminal: Terminal, made: ApiKeyInfo & { token: string }, { json }: StoreOptions): void {
  if (json) printJson(terminal, made)
  else print(terminal, `${made.id} (${made.segment}): ${made.token}`)
}

const listCommand = ({ terminal }: CommandContext): Command =>
  withStore(new Command('list').description('all keys, without their tokens')).action((options: StoreOptions) =>
    withKeys(options, async (keys) => {
      const list = await keys.list()
      if (options.json) return printJson(terminal, { keys: list })
      for (const key of list) print(terminal, lineOf(key))
      if (list.length === 0) print(terminal, 'there are no keys')
    }),
  )

const at = (ms: number): string => new Date(ms).toISOString()

function lineOf({ id, segment, name, scopes, ...key }: ApiKeyInfo): string {
  const facts = [
    `${id} ${segment} "${name}": ${scopes.join(' ')}`,
    key.rate === undefined ? '' : `${key.rate} requests/s`,
    key.ordersPerDay === undefined ? '' : `${key.ordersPerDay} orders a day`,
    `made ${at(key.createdMs)}`,
    key.successor === undefined ? '' : `rotated into ${key.successor}`,
    key.expiresMs === undefined ? '' : `ends ${at(key.expiresMs)}`,
    key.revokedMs === undefined ? '' : `revoked ${at(key.revokedMs)}`,
  ]
  return facts.filter((fact) => fact !== '').join(', ')
}

const GRACE = new Option('--grace <time>', 'how long the old key still works, such as 30m or 24h')
  .argParser(duration)
  .default(duration('24h'), '24h')

const rotateCommand = ({ terminal }: CommandContext): Command =>
  withStore(
    new Command('rotate')
      .description('make a successor with the same scopes, limits and orders, and show its token, once')
      .argument('<id>', 'the key to replace, key_…')
      .addOption(GRACE)
      .option('--expires <time>', EXPIRES.replace('it ends', 'the successor ends'), endOfLife),
  ).action((id: string, { grace, expires, ...options }: StoreOptions & { grace: number; expires?: number }) =>
    withKeys(options, async (keys) => showToken(terminal, await keys.rotate(id, grace, expires), options)),
  )

const revokeCommand = ({ terminal }: CommandContext): Command =>
  withStore(new Command('revoke').description('revoke a key for good').argument('<id>', 'its id, key_…')).action(
    (id: string, options: StoreOptions) =>
      withKeys(options, async (keys) => {
        await keys.revoke(id)
        if (options.json) printJson(terminal, { id, revoked: true })
        else print(terminal, `${id} is revoked`)
      }),
  )

/** @throws as `withDatabase`, and ApiKeyError. */
const withKeys = (options: StoreOptions, use: (keys: ApiKeys) => Promise<void>): Promise<void> =>
  withDatabase(options, ({ db }) => use(new ApiKeys(db)))
