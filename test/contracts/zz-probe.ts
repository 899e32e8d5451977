import { startTestChain } from './chain.ts'
import { Stage } from './stage.ts'
const UNPLACEABLE = 2 ** 32 - 1
const test = await startTestChain()
try {
  const slots = Number(process.argv[2] ?? 105)
  const stage = await Stage.withDoubles(test, { shape: { shards: 16, slots } })
  const full = () => stage.orders(slots).map((o, i) => (i === 0 ? { ...o, size: UNPLACEABLE } : o))
  for (let i = 0; i < 3; i++) {
    const r = await stage.submit(await stage.batch(full()))
    console.log('single', Number(r.gasUsed))
  }
  const four = await stage.batches([full(), full(), full(), full()])
  const r = await stage.submitAll(four)
  console.log('four', Number(r.gasUsed) / 4)
} finally { await test.stop() }
