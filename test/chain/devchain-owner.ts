import { startDevChain } from '../../src/chain/devchain.ts'

// Starts a development chain on the port given, kept in the file given, tells its process id, and waits to be killed: see devchain.test.ts.
const [, , port, stateFile] = process.argv
const { pid } = await startDevChain({ port: Number(port), ...(stateFile !== undefined && { stateFile }) })
process.send?.({ pid })
setInterval(() => {}, 60_000)
