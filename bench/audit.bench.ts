/**
 * What an audit costs: 1,000 batches of the small circuit audited from bundles against their anchor, offline, with the native verifier (proofs checked together) and with
 * snarkjs, one by one. Everything is counted: reading, V, signatures, roots, proofs.
 *
 * `npm run bench -- audit [--batches N] [--distinct N]`. Proving takes longer than auditing, so a ledger of 100 batches is proven once, kept under build/bench, and audited ten
 * times over; `--distinct 1000` proves as many as are audited.
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
  const { values } = parseArgs({
    args: [...args],
    options: { batches: { type: 'string', default: '1000' }, distinct: { type: 'string', default: '100' } },
  })
  const count = Number(values.distinct)
  const rounds = Math.ceil(Number(values.batches) / count)
  const native = await ensureNativeProver()
  if (native.binary === undefined) throw new BenchError('BENCH_FAILED', `no native prover: ${native.why}`)
  const ledger = await benchLedger(await ensureCircuit(SMALL_CIRCUIT), native.binary, count, say)
  const rows: Row[] = []
  for (const choice of ['native', 'snarkjs'] as const) {
    say(`auditing ${rounds * count} batches with ${choice}, ${count} of them distinct`)
    const verifier = openVerifier(choice, native.binary)
    try {
      const rates: number[] = []
      for (let round = 0; round < rounds; round++) {
        const begun = performance.now()
        const anchor = readAnchor(ledger.anchor)
        const inputs = bundlesOf(parseJson(ledger.bundles))
        const found = await report(auditBundles(inputs, { anchor }, { verifyProofs: verifier.verify }))
        rates.push((1000 * count) / (performance.now() - begun))
        if (!found.ok || found.batches !== count)
          throw new BenchError('BENCH_FAILED', `the audit found ${found.verdict}`)
      }
      rows.push(row(`audit/${choice}`, 'batches', 'batches a second', rates))
      const perBatch = ledger.orders / count
      rows.push(
        row(
          `audit/${choice}`,
          'orders',
          'orders a second',
          rates.map((rate) => rate * perBatch),
        ),
      )
    } finally {
      verifier.close()
    }
  }
  return rows
}
