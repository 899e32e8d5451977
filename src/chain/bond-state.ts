import { Contract, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { BOND_ABI } from './abi.ts'
import { ask } from './ask.ts'

/** The operator's stake, wei. */
export interface BondState {
  readonly stake: bigint
  /** Of the stake, what is not on its way out. */
  readonly covered: bigint
  readonly minimum: bigint
  readonly burned: bigint
}

/** The stake that stands behind an operator. @param address of the bond. @throws ChainError. */
export async function bondAt(provider: JsonRpcProvider, address: string): Promise<BondState> {
  const bond = new Contract(address, BOND_ABI, provider)
  const read = (view: string) => ask(bond, view, [], z.bigint())
  const [stake, covered, minimum, burned] = await Promise.all([
    read('stake'),
    read('covered'),
    read('minimum'),
    read('burned'),
  ])
  return { stake, covered, minimum, burned }
}
