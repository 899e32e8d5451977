import { type Logger, pino } from 'pino'

/** The service's logger: JSON lines, one event each. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

/** Names that hold private or secret values wherever they appear: a second line of defence, as nothing logs them in the first place. */
const SECRET = [
  'size',
  'side',
  'details',
  'order',
  'orders',
  'key',
  'privateKey',
  'secret',
  'secrets',
  'authorization',
  'apiKey',
  'blind',
  'blindBefore',
  'blindAfter',
  'parameters',
] as const

/**
 * @param level pino's level; `silent` for none.
 * @param destination where lines go, standard error by default, so that standard output stays for results.
 */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[private]' },
    serializers: { err: errorFacts },
  }
  return pino(options, destination ?? pino.destination(2))
}

/** Of an error only its kind: messages of drivers may hold parameters. */
function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { name: error.name, ...code, stack: error.stack?.split('\n').slice(1, 6).join('\n') }
}
