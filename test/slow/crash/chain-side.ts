import { auditLedger } from '../../../src/audit/audit.ts'
import { type AuditReport, report } from '../../../src/audit/report.ts'
import { unpackItems } from '../../../src/base/pack.ts'
import { LedgerReader, type LedgerSource } from '../../../src/chain/reader.ts'
import type { SigningDomain } from '../../../src/order/domain.ts'
import type { AcceptedBatch } from '../../../src/order/receipt.ts'

/** What the chain alone says, and the auditor's verdict on it. */
export interface ChainSide {
  readonly domain: SigningDomain
  readonly signers: ReadonlyMap<bigint, string>
  readonly batches: ReadonlyMap<bigint, AcceptedBatch>
  readonly audit: AuditReport
}

export async function readChain(source: LedgerSource): Promise<ChainSide> {
  const reader = await LedgerReader.connect(source)
  try {
    const records = await reader.records()
    const batches = new Map<bigint, AcceptedBatch>()
    for await (const { index, epoch, submission } of reader.batches()) {
      const { time, commitments, assignments } = submission
      const bytes = unpackItems(assignments, 8, 31, commitments.length).map(Number)
      batches.set(index, { epoch, index, time, commitments, assignments: bytes })
    }
    const signers = new Map(records.epochs.map(({ epoch, signer }) => [epoch, signer]))
    return { domain: reader.config, signers, batches, audit: await report(auditLedger(records)) }
  } finally {
    reader.close()
  }
}

/** Asks the development chain itself, as only its tester does. */
export async function rpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } }
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}
