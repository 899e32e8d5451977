/** Which contracts a system has, and where each of them lies: pure, so that browsers use it too. */
import { getCreateAddress } from 'ethers'
import { z } from 'zod'
import { Address } from '../base/schema.ts'

/** Contracts of a system by the names that people call them, in the order in which they are deployed. */
export const SYSTEM_CONTRACTS = [
  'registry',
  'seedSource',
  'verifierFactory',
  'poseidon',
  'segments',
  'bond',
  'receiptChallenges',
  'reportChallenges',
  'inbox',
  'redemption',
  'ledger',
  'reputation',
] as const
export type SystemContract = (typeof SYSTEM_CONTRACTS)[number]

/** An address for every one of {@link SYSTEM_CONTRACTS}. */
export const SystemAddresses = z.record(z.enum(SYSTEM_CONTRACTS), Address)
export type SystemAddresses = z.infer<typeof SystemAddresses>

/** Addresses of contracts that one account deploys one after the other, before any is there: they name each other in their constructors. */
export function predictAddresses(deployer: string, firstNonce: number): SystemAddresses {
  const entries = SYSTEM_CONTRACTS.map((key, i) => [key, getCreateAddress({ from: deployer, nonce: firstNonce + i })])
  // The keys are those of the list.
  return Object.fromEntries(entries) as SystemAddresses
}
