import { ensureCircuit } from '../../src/proof/build.ts'
import { SnarkjsProver } from '../../src/proof/snarkjs-prover.ts'
import { startTestChain } from './chain.ts'
import { Stage } from './stage.ts'
const test = await startTestChain()
const prover = new SnarkjsProver()
try {
  const a = await ensureCircuit(process.argv[2] ?? 'two-choice-16-105')
  const slots = a.manifest.slots
  const stage = await Stage.withCircuits(test, prover, [a])
  const full = () => stage.orders(slots).map((o, i) => (i === 0 ? { ...o, size: 2 ** 32 - 1 } : o))
  for (let i = 0; i < 3; i++) {
    const b = await stage.batch(full())
    const r = await stage.submit(b)
    console.log('single', Number(r.gasUsed))
    const { encodeSubmission } = await import('../../src/chain/submission.ts')
    const hex = encodeSubmission(b.submission).slice(2)
    let g = 0
    for (let k = 0; k < hex.length; k += 2) g += hex.slice(k, k + 2) === '00' ? 4 : 16
    console.log('calldata gas', g, 'bytes', hex.length / 2)
  }
  const r = await stage.submitAll(await stage.batches([full(), full(), full(), full()]))
  console.log('four', Number(r.gasUsed) / 4)
} finally { await prover.close(); await test.stop() }
