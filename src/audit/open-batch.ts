import { CodedError } from '../base/error.ts'
import type { AcceptedBatch } from '../order/receipt.ts'
import { recordHash, recordParts } from '../statement/record.ts'
import { decodeStatement, type Statement } from '../statement/statement.ts'
import type { OpenedBatch } from './certificate-schema.ts'
import { type CertificateVerdict, type CertificateWorld, refuted, unknown } from './certificate-world.ts'

/** An accepted batch as a receipt sees it, with its V. */
export interface Opened extends AcceptedBatch {
  readonly statement: Statement
}

/** Opens an accepted batch: V and head must be what the ledger recorded. @returns or why it is not. */
export async function openBatch(batch: OpenedBatch, world: CertificateWorld): Promise<Opened | CertificateVerdict> {
  const statement = statementOf(batch)
  if (typeof statement === 'string') return refuted(statement)
  const record = await world.record(batch.index)
  if (record === 'unknown') return unknown(`nobody tells the record of batch ${batch.index}`)
  if (record === undefined) return refuted(`batch ${batch.index} is not accepted`)
  const { words, head, beneficiary } = batch
  const parts = recordParts(statement, words, head, beneficiary)
  if (recordHash(parts) !== record) return refuted(`batch ${batch.index} is recorded otherwise`)
  const epoch = await world.epochOf(batch.index)
  if (epoch === undefined) return unknown(`nobody tells the epoch of batch ${batch.index}`)
  const { time, commitments, assignments } = statement
  return { epoch, index: batch.index, time, commitments, assignments, statement }
}

function statementOf({ shards, slots, words, index }: OpenedBatch): Statement | string {
  try {
    const statement = decodeStatement({ shards, slots }, words)
    return statement.batchIndex === index ? statement : `its words are of batch ${statement.batchIndex}`
  } catch (error) {
    if (error instanceof CodedError) return error.message
    throw error
  }
}
