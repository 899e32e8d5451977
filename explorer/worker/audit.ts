import { report } from '../../src/audit/report.ts'
import { auditChain } from '../../src/cli/audit/chain-run.ts'
import { catchInvalidRecords } from '../../src/cli/audit/read.ts'
import { throwIfAborted } from '../../src/client/abort.ts'
import type { Handler } from './serve.ts'

/** Proofs that are verified together: few, so that the page sees how far it is. */
const PROOFS_AT_A_TIME = 8

/** Re-checks the whole ledger, every batch and every proof. */
export const audit: Handler<'audit'> = async (sources, _, note, signal) => {
  const reader = await sources.reader()
  const checks = catchInvalidRecords(() => auditChain(reader, { proofsAtATime: PROOFS_AT_A_TIME }))
  let failed = 0
  let last: bigint | undefined
  return report(checks, ({ batch, ok, unchecked }) => {
    throwIfAborted(signal)
    if (!ok && unchecked === undefined) failed++
    if (batch === undefined || batch === last) return
    last = batch
    note({ batch, failed })
  })
}
