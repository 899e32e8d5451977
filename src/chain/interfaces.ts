import { Interface } from 'ethers'
import { GROTH16_VERIFIER_ABI, POLICY_REGISTRY_ABI, REPUTATION_ABI, ROUTING_LEDGER_ABI } from './abi.ts'

// Read once: ethers takes tens of milliseconds for a contract's text.
export const LEDGER = new Interface(ROUTING_LEDGER_ABI)
export const REGISTRY = new Interface(POLICY_REGISTRY_ABI)
export const REPUTATION = new Interface(REPUTATION_ABI)
export const VERIFIER = new Interface(GROTH16_VERIFIER_ABI)
