import { readFile } from 'node:fs/promises'
import type { Carry } from '../../audit/carry.ts'
import { rebuildAlone } from '../../audit/range.ts'
import type { EpochRecord } from '../../audit/records.ts'
import { type AuditState, checkState, invalid, makeState, readState, writeState } from '../../audit/state.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import type { ChainBatch } from '../../chain/records.ts'
import { writeWhole } from '../../proof/whole-file.ts'
import { orderRoot, termsHash } from '../../statement/record.ts'
import { statementHash } from '../../statement/statement.ts'
import { CliError } from '../shared/exit.ts'
import { recordsBetween } from './make-anchor.ts'

/** How an audit uses a state file. */
export interface StateOptions {
  readonly state?: string
  /** The file is to be made, and must not be there. */
  readonly begin?: boolean
  /** The digest that it must have. */
  readonly stateDigest?: string
}

/** Where an earlier audit ended, and the block of the last batch that it saw. */
export interface Resumed {
  readonly carry: Carry
  readonly block: number
}

/**
 * Reads where to go on. It fails closed: without `--begin` a missing file is an error, and an altered one, or one that the chain does not bear out, always is.
 * @returns `undefined` to begin at the first batch.
 * @throws AuditError STATE_INVALID; CliError USAGE.
 */
export async function resume(reader: LedgerReader, options: StateOptions): Promise<Resumed | undefined> {
  const { state: path, begin = false, stateDigest } = options
  if (path === undefined) {
    if (begin || stateDigest !== undefined) throw new CliError('USAGE', '--begin and --state-digest are for --state')
    return undefined
  }
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw invalid(`${path} cannot be read (${error.code})`)
  })
  if (begin) {
    if (text !== undefined) throw new CliError('USAGE', `${path} is there already: leave out --begin to go on from it`)
    return undefined
  }
  if (text === undefined) throw invalid(`${path} is missing; --begin starts anew`)
  const state = readState(text)
  if (stateDigest !== undefined && state.digest !== stateDigest.toLowerCase())
    throw invalid(`its digest is ${state.digest}, not the one that was asked for`)
  return { carry: checkState(state, await evidence(reader, state)), block: Number(state.block.number) }
}

async function evidence(reader: LedgerReader, { block, head }: AuditState) {
  const now = await reader.block(Number(block.number))
  const { chainId, ledger } = reader.config
  const records = head.nextIndex === 0n ? [] : await recordsBetween(reader, 0n, head.nextIndex - 1n)
  return { chainId, ledger, blockHash: now?.hash, records }
}

/** Keeps where an audit stands after a batch; the file is replaced whole. @returns its digest. */
export async function keep(
  path: string,
  reader: LedgerReader,
  epochs: readonly EpochRecord[],
  carry: Carry,
  last: ChainBatch,
): Promise<string> {
  const block = await reader.block(last.blockNumber)
  const rebuilt = rebuildAlone(reader.config, epochs, last)
  if (!block || typeof rebuilt === 'string') throw invalid('the chain lost what was just read')
  const { statement, words } = rebuilt
  const terms = termsHash(statement, last.submission.beneficiary)
  const parts = { orderRoot: orderRoot(statement), statementHash: statementHash(words), terms }
  const { chainId, ledger } = reader.config
  const place = { chainId, ledger, block: { number: BigInt(last.blockNumber), hash: block.hash }, last: parts }
  const state = makeState(place, carry)
  await writeWhole(path, writeState(state), 0o600)
  return state.digest
}
