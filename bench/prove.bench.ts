/**
 * Witness and proof times of full two-choice batches, key and WASM warm, the sizes interleaved. Without words after the name: S = 4 and both
 * sizes at S = 16, whose keys take minutes to make the first time; else the named circuits.
 */
import { keccakWords } from '../src/base/keccak.ts'
import { POLICY_KINDS } from '../src/policy/policy.ts'
import { ensureCircuit } from '../src/proof/build.ts'
import { loadCatalog } from '../src/proof/catalog.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { SnarkjsProver } from '../src/proof/snarkjs-prover.ts'
import { bind } from '../src/statement/binding.ts'
import { encodeStatement } from '../src/statement/statement.ts'
import { type CircuitInputs, circuitInputs, routeBatch } from '../src/witness/witness.ts'
import { batchFixture, policyFixture } from '../test/helpers/fixtures.ts'
import { caseName } from './circuit-case.ts'
import { type BenchContext, interleave, type Row, row } from './report.ts'

const RUNS = 5

export default async function prove({ args, say }: BenchContext): Promise<Row[]> {
  const { circuits } = loadCatalog()
  const standard = Object.keys(circuits).filter((name) => circuits[name]?.kind === 'two-choice')
  const prover = new SnarkjsProver((name) => ensureCircuit(name))
  try {
    const cases: { name: string; run: () => ReturnType<typeof prover.prove> }[] = []
    for (const circuit of args.length > 0 ? args : standard) {
      say(`building ${circuit}`)
      const { manifest, paths } = await ensureCircuit(circuit)
      const inputs = fullBatch(manifest)
      const name = caseName(prover.name, manifest.shards, await readR1csHeader(paths.r1cs))
      cases.push({ name, run: () => prover.prove(circuit, inputs) })
    }
    say(`proving ${RUNS} times after a warm-up`)
    const results = await interleave(
      cases.map(({ run }) => run),
      { runs: RUNS },
    )
    return cases.flatMap(({ name }, i) => {
      const statements = results[i] ?? []
      return [
        row(
          name,
          'witnessMs',
          'ms',
          statements.map(({ witnessMs }) => witnessMs),
        ),
        row(
          name,
          'proveMs',
          'ms',
          statements.map(({ proveMs }) => proveMs),
        ),
      ]
    })
  } finally {
    await prover.close()
  }
}

/** The inputs of a batch with every slot filled, the same in every run. */
function fullBatch({ kind, ...shape }: { kind: string; shards: number; slots: number }): CircuitInputs {
  const policy = policyFixture(
    shape.shards,
    POLICY_KINDS.find((known) => known === kind),
  )
  const witness = batchFixture(shape.shards, shape.slots, { policy })
  const address = `0x${'11'.repeat(20)}`
  const context = { chainId: 31337n, ledger: address, beneficiary: address, verifierId: keccakWords([1n]) }
  return circuitInputs(shape, witness, bind(context, encodeStatement(shape, routeBatch(witness).statement)))
}
