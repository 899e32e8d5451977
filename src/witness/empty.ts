import { keccakWords } from '../base/keccak.ts'
import type { Policy, PolicyKindName } from '../policy/policy.ts'
import { genesisStates } from '../route/state.ts'
import { bind } from '../statement/binding.ts'
import { encodeStatement, type Shape } from '../statement/statement.ts'
import { type BatchWitness, type CircuitInputs, circuitInputs, routeBatch } from './witness.ts'

/** Any policy that the registry would take. */
const plainPolicy = (shards: number, kind: PolicyKindName): Policy => ({
  kind,
  feeMin: 1n,
  feeMax: 1n,
  shards: Array.from({ length: shards }, () => ({
    weights: [1n, 1n],
    tau: 1n,
    limit: 1000n,
    trip: 900n,
    reset: 500n,
    skew: 900n,
    target: 100n,
    reporting: false,
  })),
})

/** Inputs of a batch without orders, bound to no ledger: it satisfies every circuit of its shape, and no chain would take it. */
export function emptyBatchInputs(kind: PolicyKindName, shape: Shape): CircuitInputs {
  const witness: BatchWitness = {
    policy: plainPolicy(shape.shards, kind),
    key: 1n,
    seed: 1n,
    batchIndex: 0n,
    orderCounter: 0n,
    time: 1n,
    elapsed: 1n,
    served: new Array<bigint>(shape.shards).fill(1n),
    before: genesisStates(shape.shards),
    blindBefore: 0n,
    blindAfter: 1n,
    orders: [],
  }
  const nobody = `0x${'00'.repeat(20)}`
  const context = { chainId: 0n, ledger: nobody, beneficiary: nobody, verifierId: keccakWords([0n]) }
  return circuitInputs(shape, witness, bind(context, encodeStatement(shape, routeBatch(witness).statement)))
}
