import { type AddressInfo, createServer } from 'node:net'
import { HDNodeWallet, type JsonRpcProvider, Wallet } from 'ethers'
import { buildContracts } from '../../src/chain/compile.ts'
import { type DevChain, startDevChain } from '../../src/chain/devchain.ts'
import { connectProvider } from '../../src/chain/provider.ts'
import { packageRoot } from '../../src/proof/root.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'

/** A chain of its own for one test file: blocks come with transactions, accounts are anvil's. */
export interface TestChain {
  readonly chain: DevChain
  readonly provider: JsonRpcProvider
  /** Key of the i-th funded account. */
  key(i: number): string
  /** The i-th funded account, connected. */
  account(i: number): Wallet
  /** Mines empty blocks. */
  mine(blocks: number): Promise<void>
  /** Moves the clock of the next block, in seconds. */
  wait(seconds: number): Promise<void>
  /** Runs, and undoes what it did to the chain. */
  undoing<T>(act: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is never a path.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Compiles the contracts when they changed and starts a chain. */
export async function startTestChain(): Promise<TestChain> {
  await buildContracts(packageRoot())
  const chain = await startDevChain({ port: await freePort(), blockTimeS: 0 })
  const { provider } = await connectProvider(chain.url)
  provider.pollingInterval = 20
  const key = (i: number) => HDNodeWallet.fromPhrase(MNEMONIC, '', `m/44'/60'/0'/0/${i}`).privateKey
  const send = (method: string, ...params: unknown[]) => provider.send(method, params)
  return {
    chain,
    provider,
    key,
    account: (i) => new Wallet(key(i), provider),
    mine: (blocks) => send('anvil_mine', `0x${blocks.toString(16)}`),
    wait: async (seconds) => {
      await send('evm_increaseTime', seconds)
      await send('evm_mine')
    },
    undoing: async (act) => {
      const snapshot: unknown = await send('evm_snapshot')
      try {
        return await act()
      } finally {
        await send('evm_revert', snapshot)
      }
    },
    stop: async () => {
      provider.destroy()
      await chain.stop()
    },
  }
}
