/**
 * What an audit costs: 1,000 batches of the small circuit audited from bundles against their anchor, offline, with the native verifier (proofs checked 256 at a time) and
 * with snarkjs, one by one. Everything is counted: reading, V, signatures, roots, proofs.
 *
 * `npm run bench -- audit [--batches N]`. The ledger is proven once and kept under build/bench.
 */
import { parseArgs } from 'node:util'
import { readAnchor } from '../src/audit/anchor.ts'
import { auditBundles, bundlesOf } from '../src/audit/bundle-list.ts'
import { parseJson } from '../src/audit/json-text.ts'
import { report } from '../src/audit/report.ts'
import { openVerifier } from '../src/cli/audit/verifier.ts'
import { ensureCircuit } from '../src/proof/build.ts'
import { ensureNativeProver } from '../src/proof/native/build.ts'
import { benchLedger } from './audit-ledger.ts'
import { SMALL_CIRCUIT } from './prove-cases.ts'
import { type BenchContext, BenchError, type Row, row } from './report.ts'

export default async function audit({ args, say }: BenchContext): Promise<Row[]> {
  const { values } = parseArgs({ args: [...args], options: { batches: { type: 'string', default: '1000' } } })
  const count = Number(values.batches)
  const native = await ensureNativeProver()
  if (native.binary === undefined) throw new BenchError('BENCH_FAILED', `no native prover: ${native.why}`)
  const ledger = await benchLedger(await ensureCircuit(SMALL_CIRCUIT), native.binary, count, say)
  const rows: Row[] = []
  for (const choice of ['native', 'snarkjs'] as const) {
    say(`auditing ${count} batches with ${choice}`)
    const verifier = openVerifier(choice, native.binary)
    try {
      const begun = performance.now()
      const anchor = readAnchor(ledger.anchor)
      const inputs = bundlesOf(parseJson(ledger.bundles))
      const found = await report(auditBundles(inputs, { anchor }, { verifyProofs: verifier.verify }))
      const seconds = (performance.now() - begun) / 1000
      if (!found.ok || found.batches !== count) throw new BenchError('BENCH_FAILED', `the audit found ${found.verdict}`)
      rows.push(row(`audit/${choice}`, 'batches', 'batches a second', [count / seconds]))
      rows.push(row(`audit/${choice}`, 'orders', 'orders a second', [ledger.orders / seconds]))
    } finally {
      verifier.close()
    }
  }
  return rows
}
