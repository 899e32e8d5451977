/**
 * Follows batches from state to state until the newest of them is accepted, or Ctrl-C.
 *
 * Environment: FAIRLEAD_URL, FAIRLEAD_RETAIL_KEY.
 * Run: `node dist/examples/watch.js`
 */
import { createClient } from 'fairlead/client'

const { FAIRLEAD_URL = '', FAIRLEAD_RETAIL_KEY = '' } = process.env

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

// Nothing is believed here that would need the chain: this is a view of what the service says.
const client = createClient({ url: FAIRLEAD_URL, key: FAIRLEAD_RETAIL_KEY, trust: { from: 'service' } })
for await (const { index, state, count, deferred } of client.follow({ signal: stop.signal })) {
  console.log(`batch ${index}: ${state}, ${count} orders, ${deferred} deferred`)
  if (state === 'accepted' || state === 'final') break
}
