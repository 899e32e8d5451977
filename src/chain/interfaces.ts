/** ABIs as ethers reads them; once, as that takes tens of milliseconds a contract. */
import { Interface } from 'ethers'
import { GROTH16_VERIFIER_ABI, POLICY_REGISTRY_ABI, REPUTATION_ABI, ROUTING_LEDGER_ABI } from './abi.ts'

/** Of `RoutingLedger`, errors and events included. */
export const LEDGER = new Interface(ROUTING_LEDGER_ABI)
/** Of `PolicyRegistry`. */
export const REGISTRY = new Interface(POLICY_REGISTRY_ABI)
/** Of `Reputation`, which not every ledger has. */
export const REPUTATION = new Interface(REPUTATION_ABI)
/** Of `Groth16Verifier`: one contract a circuit, all alike but for their immutables. */
export const VERIFIER = new Interface(GROTH16_VERIFIER_ABI)
