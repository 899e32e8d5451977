import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { ClientKeys } from '../shared/client-keys.ts'
import { DEFAULTS } from '../shared/defaults.ts'
import { dataDirOption } from '../shared/options.ts'
import { hops, origin, port } from '../shared/parse.ts'
import { type AnswerOptions, explorerFolder } from './answer.ts'

/** What every command that serves has. */
export interface ListeningOptions {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly corsOrigin?: string[]
  readonly explorer: boolean
  readonly proxies: number
  readonly databaseUrl?: string
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** Adds the options of a command that serves. */
export const withListening = (command: Command): Command =>
  command
    .addOption(dataDirOption())
    .option('--host <address>', 'where the API listens', DEFAULTS.host)
    .option('--port <port>', 'port of the API; 0 takes a free one', port, DEFAULTS.port)
    .option(
      '--cors-origin <origin>',
      'whose pages may use the API, such as https://explorer.example; once for each',
      origin,
    )
    .option('--no-explorer', 'no pages at /, and no reads without a key')
    .option('--proxies <count>', 'proxies in front, whose X-Forwarded-For is believed', hops, 0)
    .option('--database-url <url>', 'PostgreSQL in place of the embedded database')
    .addOption(
      new Option('--log-level <level>', 'of the log on standard error')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('warn'),
    )

/** The options as {@link AnswerOptions}. */
export const listeningOf = ({ corsOrigin, ...options }: ListeningOptions): AnswerOptions => {
  const { dataDir, host, port: at, explorer, proxies, databaseUrl } = options
  return {
    ...{ dataDir, host, port: at, explorer, proxies },
    ...(corsOrigin && { corsOrigins: corsOrigin }),
    ...(databaseUrl !== undefined && { databaseUrl }),
  }
}

/** Where the pages are. */
export const explorerLine = (url: string): string =>
  `explorer ${existsSync(explorerFolder()) ? `${url}/` : 'not built: npm run build:explorer'}`

/** New API keys, to be shown once. */
export const keyLines = (keys: ClientKeys, dataDir: string): string[] => [
  `API keys, new, and kept in ${dataDir}/client-keys.json:`,
  ...Object.entries(keys).map(([name, token]) => `  ${name.padEnd(13)} ${token}`),
]
