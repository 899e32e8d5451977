import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Address, Uint } from '../base/schema.ts'
import type { Deployment } from '../chain/deploy.ts'
import { SystemAddresses } from '../chain/system-contracts.ts'
import { writeWhole } from '../proof/whole-file.ts'
import { ServiceError } from './errors.ts'

const File = z.strictObject({
  chainId: Uint(64),
  ledger: Address,
  registry: Address,
  seedSource: Address,
  verifierFactory: Address,
  fromBlock: z.int().min(0),
  /** The circuit that the epoch was opened for. */
  circuit: z.string(),
  /** What stands around the ledger; folders from before have a bare one. */
  contracts: SystemAddresses.optional(),
})

/** Where the data folder's ledger is, and the circuit of its epoch. */
export type KnownDeployment = Deployment & {
  readonly circuit: string
  readonly contracts?: SystemAddresses | undefined
}

/** @returns `undefined` before the first start. @throws ServiceError DATA_DIR_MISMATCH when the file is damaged. */
export async function readDeployment(path: string): Promise<KnownDeployment | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    return File.parse(JSON.parse(text))
  } catch (cause) {
    throw new ServiceError('DATA_DIR_MISMATCH', `${path} is damaged`, { cause })
  }
}

/** Written last, when the ledger takes batches: a set-up that was cut short is done anew, on a ledger of its own. */
export async function writeDeployment(path: string, deployment: KnownDeployment): Promise<void> {
  await writeWhole(path, `${JSON.stringify({ ...deployment, chainId: `${deployment.chainId}` }, undefined, 2)}\n`)
}
