import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

// solc is emscripten code: it blocks its thread for seconds and installs process-wide handlers, so it gets a thread of its own.
// CommonJS without named exports; the shape is the one that solc's manual gives for `compile`.
const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }

parentPort?.postMessage(solc.compile(String(workerData)))
