import { appendFile, readFile } from 'node:fs/promises'
import { toUtf8Bytes } from 'ethers'
import { z } from 'zod'
import { jsonOf, jsonText } from '../../base/json.ts'
import { keccakBytes } from '../../base/keccak.ts'
import { CliError } from '../shared/exit.ts'

/** One line: what was disclosed to whom. Each line names the one before it, so that none can be taken out or changed unseen. */
const Entry = z.strictObject({
  at: z.iso.datetime(),
  /** Public key of the auditor. */
  to: z.string(),
  /** Who that is, as whoever disclosed wrote it. */
  name: z.string(),
  ledger: z.string(),
  batches: z.array(z.string()),
  orders: z.int().min(0),
  /** Keccak-256 of the sealed file. */
  sealed: z.string(),
  before: z.string(),
})
type DisclosureEntry = z.infer<typeof Entry>

const START = `0x${'00'.repeat(32)}`
const hashOf = (line: string): string => keccakBytes(toUtf8Bytes(line))

/** The entries of a log, checked. @throws CliError JSON_INVALID when a line was changed, added or taken out. */
export async function readDisclosures(file: string): Promise<DisclosureEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new CliError('FILE_UNREADABLE', `cannot read ${file} (${error.code})`)
  })
  let before = START
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      const { data } = Entry.safeParse(jsonOf(line))
      if (!data || data.before !== before)
        throw new CliError('JSON_INVALID', `${file} was altered: line ${i + 1} does not follow the one before it`)
      before = hashOf(line)
      return data
    })
}

/** Adds an entry. It is written before what it tells of, so that nothing is disclosed without a line. */
export async function logDisclosure(file: string, entry: Omit<DisclosureEntry, 'before'>): Promise<void> {
  const entries = await readDisclosures(file)
  const last = entries.at(-1)
  const before = last === undefined ? START : hashOf(jsonText(last))
  await appendFile(file, `${jsonText({ ...entry, before })}\n`, { mode: 0o600 })
}
