/**
 * A trader's first order: made, kept, placed, waited for, and found on the chain.
 *
 * Environment: FAIRLEAD_URL, FAIRLEAD_RETAIL_KEY; FAIRLEAD_RPC and FAIRLEAD_LEDGER name the chain to believe.
 * Run: `node dist/examples/order.js`
 */
import { writeFile } from 'node:fs/promises'
import { createClient, orderToJson } from 'fairlead/client'

const { FAIRLEAD_URL = '', FAIRLEAD_RETAIL_KEY = '', FAIRLEAD_RPC = '', FAIRLEAD_LEDGER = '' } = process.env

const client = createClient({
  url: FAIRLEAD_URL,
  key: FAIRLEAD_RETAIL_KEY,
  trust: { from: 'chain', rpcUrl: FAIRLEAD_RPC, ledger: FAIRLEAD_LEDGER },
})
try {
  const order = await client.makeOrder({
    size: 25,
    side: 'buy',
    terms: {
      account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      market: `0x${'01'.padStart(64, '0')}`,
      price: 17_000n * 10n ** 18n,
      expiry: BigInt(Math.floor(Date.now() / 1000) + 3600),
      nonce: 1n,
      timeInForce: 0,
      maxFee: 10n ** 16n,
    },
  })
  // Before it is sent: an order whose opening is lost can be routed but never settled.
  await writeFile(`order-${order.commitment}.json`, orderToJson(order), { mode: 0o600, flag: 'wx' })

  const { status, receipt } = await client.place(order)
  console.log(`${status}: batch ${receipt.batch}, slot ${receipt.slot}`)

  await client.waitFor(order.commitment, { state: 'accepted' })
  const { shard } = await client.checkInclusion(receipt)
  console.log(shard === undefined ? 'the chain has it deferred' : `the chain has it on shard ${shard}`)
} finally {
  await client.close()
}
