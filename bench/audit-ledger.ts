/** A ledger of many batches with real proofs, made once and kept under `build/bench` by the hash of all that it is made from. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress, SigningKey } from 'ethers'
import { makeAnchor, writeAnchor } from '../src/audit/anchor.ts'
import { writeBundles } from '../src/audit/bundle-list.ts'
import { makeBundle } from '../src/audit/make-bundle.ts'
import { hex32, keccakWords } from '../src/base/keccak.ts'
import { NativeMaker } from '../src/proof/backend/native.ts'
import { proofWords } from '../src/proof/calldata.ts'
import type { Artifacts } from '../src/proof/manifest.ts'
import { packageRoot } from '../src/proof/root.ts'
import { verifyingKeyWords } from '../src/proof/vkey.ts'
import { WitnessCalculator } from '../src/proof/witness-calculator.ts'
import { circuitInputs } from '../src/witness/witness.ts'
import { element, orderFixture, policyFixture } from '../test/helpers/fixtures.ts'
import {
  type PureOperator,
  pureBatch,
  pureConfig,
  pureEpoch,
  pureGenesis,
  pureRecord,
} from '../test/helpers/pure-ledger.ts'

const START = 1_515_053_700_000_000n
const INTERVAL = 500_000n

export interface BenchLedger {
  /** Text of the file of bundles, and of their anchor. */
  readonly bundles: string
  readonly anchor: string
  readonly orders: number
}

/** Finds or makes it. @param say is told how far proving is. */
export async function benchLedger(
  artifacts: Artifacts,
  native: string,
  count: number,
  say: (line: string) => void,
): Promise<BenchLedger> {
  const key = verifyingKeyWords(artifacts.verifyingKey)
  const name = keccakWords([2n, BigInt(count), ...key]).slice(2, 18)
  const folder = join(packageRoot(), 'build', 'bench', `audit-${name}`)
  const paths = { bundles: join(folder, 'bundles.json'), anchor: join(folder, 'anchor.json') }
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined)
  const [bundles, anchor] = await Promise.all([read(paths.bundles), read(paths.anchor)])
  const orders = count * artifacts.manifest.slots
  if (bundles !== undefined && anchor !== undefined) return { bundles, anchor, orders }
  const made = await make(artifacts, native, count, say)
  await mkdir(folder, { recursive: true })
  await writeFile(paths.anchor, made.anchor)
  await writeFile(paths.bundles, made.bundles)
  return { ...made, orders }
}

async function make(
  { manifest, paths, verifyingKey }: Artifacts,
  native: string,
  count: number,
  say: (line: string) => void,
) {
  const shape = { shards: manifest.shards, slots: manifest.slots }
  const operator: PureOperator = {
    config: pureConfig(getAddress(`0x${'11'.repeat(20)}`), shape.shards, INTERVAL),
    shape,
    key: element(1),
    signer: new SigningKey(hex32(7n)),
    beneficiary: getAddress(`0x${'22'.repeat(20)}`),
    keyWords: verifyingKeyWords(verifyingKey),
  }
  const { config } = operator
  const policy = policyFixture(shape.shards)
  const accounts = policy.shards.map((_, j) => getAddress(`0x${hex32(element(20, j)).slice(26)}`))
  const published = { ...policy, settlements: accounts, reportSigners: accounts }
  const epoch = pureEpoch(operator, 1n, 0n, published)
  const carried = pureGenesis(config)
  const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))
  const maker = new NativeMaker(native)
  const bundles: unknown[] = []
  const records: string[] = []
  try {
    for (let i = 0; i < count; i++) {
      if (i % 100 === 0) say(`proved ${i} of ${count} batches`)
      const time = START + BigInt(i) * INTERVAL
      const orders = Array.from({ length: shape.slots }, (_, slot) => orderFixture(i * shape.slots + slot))
      const batch = pureBatch(operator, epoch, published, carried, { time, orders, counters: carried.head.counters })
      const inputs = calculator.calculate(circuitInputs(shape, batch.witness, batch.binding))
      const key = { circuit: manifest.name, zkey: paths.zkey, sha256: manifest.files.zkey }
      const { proof } = await maker.prove(key, inputs)
      const record = pureRecord(operator, batch, proofWords(proof), time / 1_000_000n)
      bundles.push(makeBundle(config, epoch, record, batch))
      records.push(record.record)
    }
  } finally {
    maker.close()
  }
  const block = { number: 77n, hash: hex32(element(60)), time: START / 1_000_000n + BigInt(count) }
  const anchor = makeAnchor({ config, block, accepted: BigInt(count), epochs: [epoch], firstBatch: 0n, records })
  return { bundles: writeBundles(bundles), anchor: writeAnchor(anchor) }
}
