import { Command } from 'commander'
import type { Segment } from '../../order/order.ts'
import { ApiKeys } from '../../service/api-keys.ts'
import { dataPaths } from '../../service/config.ts'
import { lockDataDir } from '../../service/data-lock.ts'
import { openPGlite, openPostgres } from '../../service/store/database.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { openDataDir } from '../shared/data-dir.ts'
import { dataDirOption } from '../shared/options.ts'
import { segment } from '../shared/parse.ts'
import { print, printJson } from '../shared/terminal.ts'

interface StoreOptions {
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly json?: boolean
}

const HELP = `
A key attests the class of its holder's orders: retail or institutional. Its token is shown once, when it is made, and stored as a hash.
The embedded database belongs to one process: stop the service first, or use --database-url.

Exit codes: 0 done; 2 could not be done.
`

export const keysCommand = (context: CommandContext): Command =>
  new Command('keys')
    .description('make, list and revoke API keys')
    .addHelpText('after', HELP)
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
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
      .requiredOption('--segment <segment>', 'retail or institutional', segment),
  ).action((options: StoreOptions & { name: string; segment: Segment }) =>
    withKeys(options, async (keys) => {
      const made = await keys.create({ name: options.name, segment: options.segment })
      if (options.json) return printJson(terminal, made)
      print(terminal, `${made.id} (${made.segment}): ${made.token}`)
    }),
  )

const listCommand = ({ terminal }: CommandContext): Command =>
  withStore(new Command('list').description('all keys, without their tokens')).action((options: StoreOptions) =>
    withKeys(options, async (keys) => {
      const list = await keys.list()
      if (options.json) return printJson(terminal, { keys: list })
      for (const { id, name, segment, createdMs, revokedMs } of list) {
        const revoked = revokedMs === undefined ? '' : `, revoked ${new Date(revokedMs).toISOString()}`
        print(terminal, `${id} ${segment} "${name}", made ${new Date(createdMs).toISOString()}${revoked}`)
      }
      if (list.length === 0) print(terminal, 'there are no keys')
    }),
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

/** Opens the store for a moment. @throws CliError FILE_UNREADABLE, NOT_A_DATA_DIR; ServiceError DATA_DIR_LOCKED, DATABASE_UNREACHABLE; ApiKeyError. */
async function withKeys({ dataDir, databaseUrl }: StoreOptions, use: (keys: ApiKeys) => Promise<void>): Promise<void> {
  if (databaseUrl !== undefined) return withDatabase(await openPostgres(databaseUrl), use)
  const { path } = await openDataDir(dataDir)
  const paths = dataPaths(path)
  const lock = await lockDataDir(paths.lock)
  try {
    await withDatabase(await openPGlite(paths.database), use)
  } finally {
    await lock.release()
  }
}

async function withDatabase(
  database: Awaited<ReturnType<typeof openPostgres>>,
  use: (keys: ApiKeys) => Promise<void>,
): Promise<void> {
  try {
    await use(new ApiKeys(database.db))
  } finally {
    await database.close()
  }
}
