import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { SEGMENTS, type Segment } from '../../order/order.ts'
import { writeWhole } from '../../proof/whole-file.ts'
import { CliError } from './exit.ts'

/**
 * API keys that `fairlead start` keeps beside its data, so that `order` and `replay` on the same machine work without being told one. The service itself
 * stores hashes only; this file, for its owner alone, is a convenience of the local setup.
 */
const ClientKeys = z.strictObject({
  retail: z.string().optional(),
  institutional: z.string().optional(),
  operator: z.string().optional(),
})
const HOLDERS = [...SEGMENTS, 'operator'] as const
/** By segment; the operator's reads everything and cancels proofs, but sends no orders. */
export type ClientKeys = Partial<Record<Segment | 'operator', string>>

const FILE = 'client-keys.json'
/** Variables that hold an API key, by its segment; read where no option names one. */
export const ENVIRONMENT = { retail: 'FAIRLEAD_RETAIL_KEY', institutional: 'FAIRLEAD_INSTITUTIONAL_KEY' } as const

/** The keys that were kept in a data folder; none when there is no such file. @throws CliError JSON_INVALID. */
export async function readClientKeys(dataDir: string): Promise<ClientKeys> {
  const path = join(dataDir, FILE)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return {}
  try {
    return present(ClientKeys.parse(JSON.parse(text)))
  } catch {
    throw new CliError('JSON_INVALID', `${path} does not hold API keys; delete it and start again`)
  }
}

/** Keeps keys in a data folder, readable by its owner alone. */
export async function writeClientKeys(dataDir: string, keys: ClientKeys): Promise<void> {
  await writeWhole(join(dataDir, FILE), `${JSON.stringify(keys, undefined, 2)}\n`, 0o600)
}

/** Keys in order of precedence: options, environment, the data folder. */
export async function findClientKeys(
  options: ClientKeys,
  env: Readonly<Record<string, string | undefined>>,
  dataDir: string,
): Promise<ClientKeys> {
  const kept = await readClientKeys(dataDir)
  return present(
    Object.fromEntries(
      SEGMENTS.map((segment) => [segment, options[segment] ?? env[ENVIRONMENT[segment]] ?? kept[segment]]),
    ),
  )
}

/** Drops what is undefined. */
const present = (keys: Readonly<Partial<Record<keyof ClientKeys, string | undefined>>>): ClientKeys => {
  const found: ClientKeys = {}
  for (const holder of HOLDERS) {
    const key = keys[holder]
    if (key !== undefined) found[holder] = key
  }
  return found
}
