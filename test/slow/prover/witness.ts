import { readFile } from 'node:fs/promises'
import { keccakWords } from '../../../src/base/keccak.ts'
import type { Artifacts } from '../../../src/proof/manifest.ts'
import { WitnessCalculator } from '../../../src/proof/witness-calculator.ts'
import { bind } from '../../../src/statement/binding.ts'
import { encodeStatement } from '../../../src/statement/statement.ts'
import { circuitInputs, routeBatch } from '../../../src/witness/witness.ts'
import { batchFixture, policyFixture } from '../../helpers/fixtures.ts'

/** The .wtns file of a two-choice batch with `orders` of the circuit's slots filled, all by default. */
export async function batchWitness({ manifest, paths }: Artifacts, orders = manifest.slots): Promise<Uint8Array> {
  const shape = { shards: manifest.shards, slots: manifest.slots }
  const witness = batchFixture(shape.shards, orders, { policy: policyFixture(shape.shards) })
  const address = `0x${'11'.repeat(20)}`
  const context = { chainId: 31337n, ledger: address, beneficiary: address, verifierId: keccakWords([1n]) }
  const inputs = circuitInputs(shape, witness, bind(context, encodeStatement(shape, routeBatch(witness).statement)))
  return (await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))).calculate(inputs)
}
