/**
 * Gas of `submitBatch`, and a batch of four in one `submitBatches`, for full batches with real proofs (third batch of an epoch and later, both segments, at
 * least one deferral), and of what happens once an epoch. Without words after the name: S = 4, and 2^16, 2^17 and 2^18 at S = 16, whose keys take minutes to make
 * the first time; else the named circuits. Proofs come from the fastest backend that works.
 */
import { ensureCircuit } from '../src/proof/build.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { startTestChain } from '../test/contracts/chain.ts'
import { epochGas, fastestProver, smallestCircuit, submitBatchesGas, submitBatchGas } from '../test/contracts/gas.ts'
import { caseName } from './circuit-case.ts'
import { type BenchContext, type Row, row } from './report.ts'

const RUNS = 3
const TOGETHER = 4
const STANDARD = [smallestCircuit(4), smallestCircuit(16), 'two-choice-16-105', 'two-choice-16-227']

export default async function gas({ args, say }: BenchContext): Promise<Row[]> {
  const test = await startTestChain()
  const rows: Row[] = []
  try {
    for (const circuit of args.length > 0 ? args : STANDARD) {
      say(`building ${circuit}`)
      const artifacts = await ensureCircuit(circuit)
      const header = await readR1csHeader(artifacts.paths.r1cs)
      const { shards } = artifacts.manifest
      const name = caseName('submitBatch', shards, header)
      say(`submitting ${name}`)
      const prover = await fastestProver(artifacts)
      try {
        rows.push(row(name, 'gas', 'gas', await submitBatchGas(test, prover, artifacts, RUNS)))
        const several = await submitBatchesGas(test, prover, artifacts, TOGETHER)
        rows.push(row(caseName(`submitBatches${TOGETHER}`, shards, header), 'gas', 'gas', [several]))
      } finally {
        await prover.close()
      }
    }
    for (const shards of [4, 16]) {
      const costs = await epochGas(test, shards)
      rows.push(...Object.entries(costs).map(([what, cost]) => row(`${what}/S${shards}`, 'gas', 'gas', [cost])))
    }
    return rows
  } finally {
    await test.stop()
  }
}
