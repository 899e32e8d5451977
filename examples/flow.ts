/**
 * Many orders at once; those that are deferred are placed again when the next batch is open.
 *
 * Environment: FAIRLEAD_URL, FAIRLEAD_RETAIL_KEY, FAIRLEAD_RPC, FAIRLEAD_LEDGER.
 * Run: `node dist/examples/flow.js`
 */
import { createClient, type Placement, type PreparedOrder, randomDetails } from 'fairlead/client'

const { FAIRLEAD_URL = '', FAIRLEAD_RETAIL_KEY = '', FAIRLEAD_RPC = '', FAIRLEAD_LEDGER = '' } = process.env
const ROUNDS = 3

const client = createClient({
  url: FAIRLEAD_URL,
  key: FAIRLEAD_RETAIL_KEY,
  trust: { from: 'chain', rpcUrl: FAIRLEAD_RPC, ledger: FAIRLEAD_LEDGER },
})
try {
  const sizes = Array.from({ length: 20 }, (_, i) => 1 + 7 * i)
  const orders = await Promise.all(
    sizes.map((size, i) => client.makeOrder({ size, side: i % 2 ? 'sell' : 'buy', details: randomDetails() })),
  )
  const count = { accepted: 0, deferred: 0, sealed: 0, refused: 0 }
  let left: readonly PreparedOrder[] = orders
  for (let round = 1; left.length > 0 && round <= ROUNDS; round++) {
    const placements: Placement[] = await client.placeMany(left)
    const deferred = placements.filter(({ status }) => status === 'deferred')
    for (const { status } of placements) if (status !== 'deferred') count[status]++
    // A deferred order may come again as soon as its batch is closed.
    for (const { commitment } of deferred) await client.waitFor(commitment, { state: 'closed' })
    const again = new Set(deferred.map(({ commitment }) => commitment))
    left = left.filter(({ commitment }) => again.has(commitment))
  }
  count.deferred = left.length
  // In sealed mode an order has its place, and the draw of its batch tells what it comes to: `client.order`.
  console.log(
    `${count.accepted} accepted, ${count.deferred} deferred, ${count.sealed} sealed, ${count.refused} refused`,
  )
} finally {
  await client.close()
}
