import { createReadStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { z } from 'zod'
import { SIDES } from '../../order/order.ts'
import { CliError } from '../shared/exit.ts'

/** Columns that a file of order flow must have; others are ignored. */
export const FLOW_COLUMNS = ['timestamp_ms', 'side', 'size'] as const

const MAX_LINE_BYTES = 64 * 1024

/** One row: a taker order as a venue's tape tells it. */
export const FlowRow = z.object({
  /** ms since the Unix epoch. */
  timestamp_ms: z
    .string()
    .regex(/^[0-9]{1,15}$/, 'expected ms since the Unix epoch')
    .transform(Number),
  side: z.enum(SIDES),
  /** In the venue's own units, such as USD contracts; a decimal fraction is allowed. */
  size: z
    .string()
    .regex(/^[0-9]{1,15}(\.[0-9]{1,12})?$/, 'expected a positive number')
    .transform(Number)
    .refine((size) => size > 0, 'expected a positive number'),
})
export type FlowRow = z.infer<typeof FlowRow>

/** A row with its line in the file, the header being line 1. */
export type NumberedRow = FlowRow & { readonly line: number }

/**
 * Reads a file of order flow, row by row; a name that ends in `.gz` is unpacked on the way.
 * @throws CliError FILE_UNREADABLE; CSV_INVALID naming the line and the column, for a row that has not the form or goes back in time.
 */
export async function* readFlow(path: string): AsyncGenerator<NumberedRow> {
  const parser = parse({
    columns: (header: string[]) => checkedHeader(path, header),
    info: true,
    bom: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
  })
  const failure = pour(path, parser).then(
    () => undefined,
    (error: unknown) => error,
  )
  try {
    let last = 0
    // What csv-parse gives with `info`, for a header that has been checked.
    for await (const { record, info } of parser as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      const row = { ...parseRow(path, record, info.lines), line: info.lines }
      if (row.timestamp_ms < last) throw invalid(path, info.lines, 'timestamp_ms: rows must be in order of time')
      last = row.timestamp_ms
      yield row
    }
  } catch (error) {
    throw await explain(path, error, failure)
  }
  const error = await failure
  if (error !== undefined) throw await explain(path, error, failure)
}

async function pour(path: string, parser: NodeJS.WritableStream): Promise<void> {
  const unpack = path.endsWith('.gz') ? createGunzip() : new PassThrough()
  await pipeline(createReadStream(path), unpack, parser)
}

function parseRow(path: string, record: unknown, line: number): FlowRow {
  const { data, error } = FlowRow.safeParse(record)
  if (data) return data
  const [issue] = error.issues
  throw invalid(path, line, `${issue?.path.join('.')}: ${issue?.message}`)
}

function checkedHeader(path: string, header: string[]): string[] {
  const missing = FLOW_COLUMNS.filter((column) => !header.includes(column))
  if (missing.length > 0) throw invalid(path, 1, `the header lacks ${missing.join(', ')}`)
  return header
}

const invalid = (path: string, line: number, message: string): CliError =>
  new CliError('CSV_INVALID', `${path} line ${line}: ${message}`, { details: { line } })

/** The cause that says most: our own complaint, then what reading or unpacking said, then the parser's. */
async function explain(path: string, error: unknown, failure: Promise<unknown>): Promise<unknown> {
  for (const cause of [error, await failure]) {
    if (cause instanceof CliError) return cause
    // Whatever was thrown: members that are not there are undefined.
    const { code, syscall, message, lines } = Object(cause) as NodeJS.ErrnoException & { lines?: number }
    if (syscall !== undefined) return new CliError('FILE_UNREADABLE', `cannot read ${path} (${code})`, { cause })
    if (code?.startsWith('Z_')) return new CliError('FILE_UNREADABLE', `${path} is not a whole gzip file`, { cause })
    // csv-parse marks its errors so, with the line where it stood.
    if (code?.startsWith('CSV_')) return invalid(path, lines ?? 0, message)
  }
  return error
}
