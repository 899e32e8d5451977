import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Bytes32, FieldElement } from '../base/schema.ts'
import { writeWhole } from '../proof/whole-file.ts'
import { randomElement } from './batch-closing.ts'
import { ServiceError } from './errors.ts'

/** The keys of one operator; each has one use. Never logged, never in an error. */
export const Secrets = z.strictObject({
  /** The operator key of the circuit: who knows it can predict every draw. */
  operatorKey: FieldElement,
  /** Signs receipts and batches (secp256k1). */
  signerKey: Bytes32,
  /** Pays for transactions and gets the rewards (secp256k1). */
  submitterKey: Bytes32,
  /** Pays for answers to challenges and forced orders, apart from batches, whose transactions must follow each other (secp256k1). Folders from before it get one. */
  dutyKey: Bytes32.optional(),
})
export type Secrets = z.infer<typeof Secrets>
/** As a service has them. */
export type OwnSecrets = Secrets & { readonly dutyKey: string }

const privateKey = (): string => `0x${randomBytes(32).toString('hex')}`

/**
 * Reads the keys, or makes them the first time. The file is for its owner alone (mode 0600, where the system has modes).
 * @param given keys to use instead of random ones when they are made, such as a development chain's funded account.
 * @throws ServiceError as {@link readSecrets}.
 */
export async function loadSecrets(path: string, given: Partial<Secrets> = {}): Promise<OwnSecrets> {
  const found = await readSecrets(path)
  if (found?.dutyKey !== undefined) return { ...found, dutyKey: found.dutyKey }
  const fresh = { operatorKey: randomElement(), signerKey: privateKey(), submitterKey: privateKey() }
  return writeSecrets(path, { ...(found ?? { ...fresh, ...given }), dutyKey: given.dutyKey ?? privateKey() })
}

/** Reads the keys; `undefined` when there are none yet. @throws ServiceError CONFIG_INVALID when the file is there but holds something else. */
export async function readSecrets(path: string): Promise<Secrets | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new ServiceError('CONFIG_INVALID', `cannot read ${path}: ${error.code}`)
  })
  if (text === undefined) return undefined
  try {
    return Secrets.parse(JSON.parse(text))
  } catch {
    // The cause is left out: it might quote the file.
    throw new ServiceError('CONFIG_INVALID', `${path} does not hold the keys of a service`)
  }
}

async function writeSecrets(path: string, secrets: OwnSecrets): Promise<OwnSecrets> {
  const text = JSON.stringify({ ...secrets, operatorKey: `${secrets.operatorKey}` }, undefined, 2)
  await mkdir(dirname(path), { recursive: true })
  // A torn file would lock the operator out of the epoch.
  await writeWhole(path, `${text}\n`, 0o600)
  return secrets
}
