import { Contract, getAddress, getCreateAddress, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { Address } from '../base/schema.ts'
import { BOND_ABI, RECEIPT_CHALLENGES_ABI } from './abi.ts'
import { ask } from './ask.ts'
import { ChainError } from './error.ts'
import { LEDGER } from './interfaces.ts'
import type { SystemAddresses } from './system-contracts.ts'

/** Contracts around a ledger that hold its operator to its word. */
export type AroundLedger = Pick<SystemAddresses, 'bond' | 'receiptChallenges' | 'reportChallenges' | 'inbox'>

/** Nonces that are looked through: an account that deploys a system has sent little before. */
const MOST_NONCES = 4096
const NONE = `0x${'00'.repeat(20)}`

/**
 * Where the contracts around a ledger are, from the ledger alone: it names bond and inbox itself, and the challenges lie one and two contracts behind the bond where the operator
 * deployed them. Whatever is found is asked whether it belongs together.
 * @returns `undefined` for a ledger without a bond, or whose challenges cannot be derived: then an address book has to tell.
 * @throws ChainError.
 */
export async function findAround(provider: JsonRpcProvider, ledger: string): Promise<AroundLedger | undefined> {
  const { bond, inbox, receiptChallenges, reportChallenges } = await partsAround(provider, ledger)
  if (bond === undefined || inbox === undefined || receiptChallenges === undefined || reportChallenges === undefined)
    return undefined
  return { bond, inbox, receiptChallenges, reportChallenges }
}

/** Challenge contracts that somebody names; they count only if the ledger's bond lets them slash. */
export type NamedChallenges = Pick<AroundLedger, 'receiptChallenges' | 'reportChallenges'>

/** The same as far as it can be told: each contract that is there. @param named in place of what would be derived. @throws ChainError. */
export async function partsAround(
  provider: JsonRpcProvider,
  ledger: string,
  named?: NamedChallenges,
): Promise<Partial<AroundLedger>> {
  const contract = new Contract(ledger, LEDGER, provider)
  const read = (view: string) => ask(contract, view, [], Address)
  const [bond, inbox, operator] = await Promise.all([read('penalty'), read('inbox'), read('operator')])
  const there = { ...(bond !== NONE && { bond }), ...(inbox !== NONE && { inbox }) }
  if (bond === NONE || inbox === NONE) return there
  const challenges = named ?? derived(operator, bond)
  if (!challenges || !(await belongs(provider, ledger, { bond, inbox, ...challenges }))) return there
  return { bond, inbox, ...challenges }
}

/** Challenges that an account deployed right behind its bond. */
function derived(operator: string, bond: string): NamedChallenges | undefined {
  const nonce = nonceOf(operator, bond)
  if (nonce < 0) return undefined
  const at = (offset: number): string => getCreateAddress({ from: operator, nonce: nonce + offset })
  return { receiptChallenges: at(1), reportChallenges: at(2) }
}

/** Whether the contracts are those of the ledger: each says so, and the bond lets them slash. @throws ChainError `CHAIN_UNREACHABLE`. */
export async function belongs(provider: JsonRpcProvider, ledger: string, around: AroundLedger): Promise<boolean> {
  const bond = new Contract(around.bond, BOND_ABI, provider)
  const slashers = [around.receiptChallenges, around.reportChallenges, around.inbox]
  try {
    const owners = [around.bond, ...slashers].map((address) =>
      // All four have the view.
      ask(new Contract(address, RECEIPT_CHALLENGES_ABI, provider), 'ledger', [], Address),
    )
    const allowed = slashers.map((slasher) => ask(bond, 'isSlasher', [slasher], z.boolean()))
    const found = await Promise.all(owners)
    return found.every((owner) => owner === getAddress(ledger)) && (await Promise.all(allowed)).every(Boolean)
  } catch (error) {
    // What answers in another form, or not at all, is another contract.
    if (error instanceof ChainError && error.code !== 'CHAIN_UNREACHABLE') return false
    throw error
  }
}

/** The nonce at which an account made a contract; -1 for none that is looked at. */
function nonceOf(from: string, contract: string): number {
  for (let nonce = 0; nonce < MOST_NONCES; nonce++) if (getCreateAddress({ from, nonce }) === contract) return nonce
  return -1
}
