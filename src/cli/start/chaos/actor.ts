import { type JsonRpcProvider, Wallet } from 'ethers'
import { type Callable, ContractCaller } from '../../../chain/contract-caller.ts'
import type { SystemAddresses } from '../../../chain/system-contracts.ts'

/** Somebody with an account of their own, who talks to the contracts and to nobody else. */
export type Actor = ContractCaller<Callable>

const FUNDS = `0x${(10n ** 20n).toString(16)}`

/** A new account with 100 ether of a development chain. */
export async function arrive(provider: JsonRpcProvider, contracts: SystemAddresses): Promise<Actor> {
  const actor = new ContractCaller<Callable>(provider, contracts, Wallet.createRandom().privateKey)
  await provider.send('anvil_setBalance', [actor.address, FUNDS])
  return actor
}
