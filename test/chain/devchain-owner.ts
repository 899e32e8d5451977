import { startDevChain } from '../../src/chain/devchain.ts'

// Starts a development chain on the port given, tells its process id, and waits to be killed: see devchain.test.ts.
const { pid } = await startDevChain({ port: Number(process.argv[2]) })
process.send?.({ pid })
setInterval(() => {}, 60_000)
