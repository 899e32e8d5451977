import { poseidonContract } from 'circomlibjs'
import { ContractFactory, type Signer } from 'ethers'
import { naming } from './contract-error.ts'

/** Creation code of circomlib's Poseidon of two elements as a contract (IPoseidon2), which circomlibjs writes instruction by instruction. */
export const poseidonCode = (): string => poseidonContract.createCode(2)

/** Deploys it. @returns its address. @throws ChainError as every deployment does. */
export async function deployPoseidon(signer: Signer): Promise<string> {
  return naming(async () => {
    const contract = await new ContractFactory([], poseidonCode(), signer).deploy()
    await contract.waitForDeployment()
    return contract.getAddress()
  })
}
