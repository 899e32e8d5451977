/** A ledger of many batches with real proofs, made once and kept under `build/bench` by the hash of all that it is made from. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeAddress, getAddress, SigningKey } from 'ethers'
import { makeAnchor, writeAnchor } from '../src/audit/anchor.ts'
import { writeBundles } from '../src/audit/bundle-list.ts'
import { makeBundle } from '../src/audit/make-bundle.ts'
import type { BatchRecord, EpochRecord, LedgerConfig } from '../src/audit/records.ts'
import { hex32, keccakWords } from '../src/base/keccak.ts'
import { batchDigest } from '../src/order/batch-signature.ts'
import { domainSeparator } from '../src/order/domain.ts'
import { keyCommitmentOf } from '../src/policy/keys.ts'
import { feeWord, policyHash, shardPolicyWord } from '../src/policy/policy.ts'
import { NativeMaker } from '../src/proof/backend/native.ts'
import { proofWords } from '../src/proof/calldata.ts'
import type { Artifacts } from '../src/proof/manifest.ts'
import { packageRoot } from '../src/proof/root.ts'
import { verifyingKeyWords } from '../src/proof/vkey.ts'
import { WitnessCalculator } from '../src/proof/witness-calculator.ts'
import { genesisStates, stateHash } from '../src/route/state.ts'
import { bind } from '../src/statement/binding.ts'
import { epochSeed, headHash, orderRoot, recordHash, termsHash } from '../src/statement/record.ts'
import { encodeStatement, statementHash } from '../src/statement/statement.ts'
import { verifierIdOf } from '../src/statement/verifier-id.ts'
import { circuitInputs, routeBatch } from '../src/witness/witness.ts'
import { element, orderFixture, policyFixture } from '../test/helpers/fixtures.ts'

const START = 1_515_053_700_000_000n
const INTERVAL = 500_000n
const OPERATOR = element(1)
const SIGNER = new SigningKey(hex32(7n))
const BENEFICIARY = getAddress(`0x${'22'.repeat(20)}`)

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
  const name = keccakWords([1n, BigInt(count), ...key]).slice(2, 18)
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
  const keyWords = verifyingKeyWords(verifyingKey)
  const config: LedgerConfig = {
    chainId: 31337n,
    ledger: getAddress(`0x${'11'.repeat(20)}`),
    shards: shape.shards,
    minInterval: INTERVAL,
    genesisState: stateHash(0n, genesisStates(shape.shards)),
  }
  const policy = policyFixture(shape.shards)
  const accounts = policy.shards.map((_, j) => getAddress(`0x${hex32(element(20, j)).slice(26)}`))
  const published = { ...policy, settlements: accounts, reportSigners: accounts }
  const words = policy.shards.map(shardPolicyWord)
  const seedBlockHash = hex32(element(30))
  const epoch: EpochRecord = {
    epoch: 1n,
    firstBatch: 0n,
    keyCommit: keyCommitmentOf(OPERATOR),
    signer: computeAddress(SIGNER),
    seed: epochSeed(config, 1n, seedBlockHash),
    seedBlock: 10n,
    seedBlockHash,
    policyHash: policyHash(published),
    feeWord: feeWord(policy),
    policyWords: words,
    policy: { feeWord: feeWord(policy), words, settlements: accounts, reportSigners: accounts },
    verifiers: [
      {
        slots: shape.slots,
        kind: 0,
        shards: shape.shards,
        verifierId: verifierIdOf('two-choice', shape, keyWords),
        keyWords,
      },
    ],
  }
  const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))
  const maker = new NativeMaker(native)
  const bundles: unknown[] = []
  const records: string[] = []
  let states: ReturnType<typeof routeBatch>['after'] = genesisStates(shape.shards)
  let blind = 0n
  try {
    for (let i = 0; i < count; i++) {
      if (i % 100 === 0) say(`proved ${i} of ${count} batches`)
      const time = START + BigInt(i) * INTERVAL
      const elapsed = i === 0 ? 2n ** 40n - 1n : INTERVAL
      const witness = {
        policy,
        key: OPERATOR,
        seed: epoch.seed,
        batchIndex: BigInt(i),
        orderCounter: BigInt(i * shape.slots),
        time,
        elapsed,
        served: policy.shards.map(() => elapsed),
        before: states,
        blindBefore: blind,
        blindAfter: element(40, i),
        orders: Array.from({ length: shape.slots }, (_, slot) => orderFixture(i * shape.slots + slot)),
      }
      const { statement, after } = routeBatch(witness)
      const vector = encodeStatement(shape, statement)
      const verifierId = epoch.verifiers[0]?.verifierId ?? ''
      const binding = bind({ ...config, beneficiary: BENEFICIARY, verifierId }, vector)
      const inputs = calculator.calculate(circuitInputs(shape, witness, binding))
      const { proof } = await maker.prove(
        { circuit: manifest.name, zkey: paths.zkey, sha256: manifest.files.zkey },
        inputs,
      )
      const head = {
        epoch: 1n,
        nextIndex: BigInt(i + 1),
        state: statement.stateAfter,
        time,
        orderCounter: BigInt((i + 1) * shape.slots),
        counters: policy.shards.map(() => 0n),
      }
      const hash = statementHash(vector)
      const signature = SIGNER.sign(batchDigest(domainSeparator(config), 1n, BigInt(i), hash)).serialized
      const submission = {
        verifier: 0,
        beneficiary: BENEFICIARY,
        digest: binding.digest,
        proof: proofWords(proof),
        signature,
      }
      // Of a batch, a bundle needs its index and these words alone.
      const batch = { index: BigInt(i), epoch: 1n, submission } as unknown as BatchRecord
      bundles.push(makeBundle(config, epoch, batch, { words: vector, statement, head }))
      records.push(
        recordHash({
          orderRoot: orderRoot(statement),
          statementHash: hash,
          head: headHash(head),
          terms: termsHash(statement, BENEFICIARY),
        }),
      )
      states = after
      blind = witness.blindAfter
    }
  } finally {
    maker.close()
  }
  const block = { number: 77n, hash: hex32(element(60)), time: START / 1_000_000n + BigInt(count) }
  const anchor = makeAnchor({ config, block, accepted: BigInt(count), epochs: [epoch], firstBatch: 0n, records })
  return { bundles: writeBundles(bundles), anchor: writeAnchor(anchor) }
}
