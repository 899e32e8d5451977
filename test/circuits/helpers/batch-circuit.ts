import { keccakWords } from '../../../src/base/keccak.ts'
import type { PolicyKindName } from '../../../src/policy/policy.ts'
import { bind } from '../../../src/statement/binding.ts'
import { encodeStatement, type Shape } from '../../../src/statement/statement.ts'
import { type BatchWitness, type CircuitInputs, circuitInputs, routeBatch } from '../../../src/witness/witness.ts'
import { Circuit } from './circuit.ts'

/** The smallest production shape, on which whole batches are tested. */
export const SHAPE = { shards: 4, slots: 8 }

export const BATCH_TEMPLATES = { 'two-choice': 'TwoChoiceBatch', 'round-robin': 'RoundRobinBatch' } as const

const CONTEXT = {
  chainId: 31337n,
  ledger: '0x1111111111111111111111111111111111111111',
  beneficiary: '0x2222222222222222222222222222222222222222',
  verifierId: keccakWords([9n]),
}

const loaded = new Map<PolicyKindName, Promise<Circuit>>()

/** The whole circuit of a kind, loaded once for all tests. */
export function batchCircuit(kind: PolicyKindName): Promise<Circuit> {
  const { shards, slots } = SHAPE
  const instance = `${BATCH_TEMPLATES[kind]}(${shards}, ${slots})`
  const circuit = loaded.get(kind) ?? Circuit.load({ lib: kind, instance, publicInputs: ['digest', 'alpha', 'y'] })
  loaded.set(kind, circuit)
  return circuit
}

/** V and the circuit's inputs, as TypeScript computes them. */
export function statementOf(
  batch: BatchWitness,
  shape: Shape = SHAPE,
): { words: bigint[]; inputs: CircuitInputs; assignments: readonly number[] } {
  const { statement } = routeBatch(batch)
  const words = encodeStatement(shape, statement)
  return { words, inputs: circuitInputs(shape, batch, bind(CONTEXT, words)), assignments: statement.assignments }
}

/** The inputs with other public words: what a prover would need to publish a forged V. */
export const publishing = (inputs: CircuitInputs, words: readonly bigint[]): CircuitInputs => ({
  ...inputs,
  ...bind(CONTEXT, words),
})
