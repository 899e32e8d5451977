/**
 * The shared vectors: small files that TypeScript, Circom and Solidity tests read alike. `scripts/generate-vectors.ts` writes them from this page;
 * known answers of other implementations are written out here and never computed.
 */

import { FIELD_MODULUS } from '../../src/base/field.ts'
import { jsonText } from '../../src/base/json.ts'
import { hex32, keccakWords } from '../../src/base/keccak.ts'
import { merkleRoot } from '../../src/base/merkle.ts'
import { poseidon, sponge } from '../../src/base/poseidon.ts'
import { poseidonCode } from '../../src/chain/poseidon-contract.ts'
import { batchDigest } from '../../src/order/batch-signature.ts'
import { detailsOf } from '../../src/order/details.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { commitmentOf, orderWord } from '../../src/order/order.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { type ServedReport, servedDigest } from '../../src/order/served.ts'
import { feeWord, policyHash, type ShardPolicy, shardPolicyWord } from '../../src/policy/policy.ts'
import { roundRobinDraw } from '../../src/policy/round-robin.ts'
import { cellOf, scaleTable } from '../../src/policy/table.ts'
import { drawsOf } from '../../src/policy/two-choice.ts'
import { advanceShard } from '../../src/route/start.ts'
import { genesisStates, resetStates, type ShardState, stateHash, stateWord } from '../../src/route/state.ts'
import { bind } from '../../src/statement/binding.ts'
import {
  epochSeed,
  headHash,
  inclusionPath,
  orderLeaves,
  orderRoot,
  recordHash,
  termsHash,
} from '../../src/statement/record.ts'
import { encodeStatement, statementHash } from '../../src/statement/statement.ts'
import { verifierIdOf } from '../../src/statement/verifier-id.ts'
import { type BatchWitness, circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { batchFixture, element, orderFixture, policyFixture } from './fixtures.ts'

const DOMAIN = { chainId: 31337n, ledger: '0x1111111111111111111111111111111111111111' }
const CONTEXT = { ...DOMAIN, beneficiary: '0x2222222222222222222222222222222222222222', verifierId: keccakWords([9n]) }
/** The least r whose top 30 bits equal those of p: no draws. */
const EDGE = (FIELD_MODULUS >> 224n) << 224n
const SHAPE = { shards: 4, slots: 8 }

const hash = () => ({
  // The first two from circomlib's own tests (test/poseidoncircuit.js), not from here.
  poseidon: [
    { inputs: [1n, 2n], out: 7853200120776062878684798364095072458815029376092732009249414926327459813530n },
    { inputs: [3n, 4n], out: 14763215145315200506921711489642608356394854266165572616578112107564877678998n },
    { inputs: [element(1)], out: poseidon([element(1)]) },
    {
      inputs: Array.from({ length: 16 }, (_, i) => element(2, i)),
      capacity: element(3),
      out: poseidon(
        Array.from({ length: 16 }, (_, i) => element(2, i)),
        element(3),
      ),
    },
  ],
  sponge: [1, 15, 16, 17, 40].map((length) => {
    const values = Array.from({ length }, (_, i) => element(4, i))
    return { tag: 2n, values, out: sponge(2n, values) }
  }),
})

const order = () => ({
  orders: [
    { size: 1, side: 'buy', segment: 'retail', details: 0n } as const,
    { size: 2 ** 32 - 1, side: 'sell', segment: 'institutional', details: element(5) } as const,
    orderFixture(0),
    orderFixture(1),
  ].map((fields) => ({ ...fields, word: orderWord(fields), commitment: commitmentOf(fields) })),
})

function details() {
  const fields = {
    account: '0x3333333333333333333333333333333333333333',
    market: keccakWords([1n]),
    price: 15_157_500_000n,
    expiry: 1_515_100_000n,
    nonce: 7n,
    timeInForce: 1,
    maxFee: 30_000n,
    salt: hex32(element(6)),
  }
  return { domain: DOMAIN, cases: [{ fields, details: detailsOf(DOMAIN, fields) }] }
}

function receipt() {
  const separator = domainSeparator(DOMAIN)
  const receipts: Receipt[] = [
    { epoch: 1n, batch: 0n, slot: 0, commitment: element(1), assignment: 3, time: 1_515_053_700_000_000n },
    {
      epoch: 2n ** 64n - 1n,
      batch: 2n ** 64n - 1n,
      slot: 65_535,
      commitment: element(2),
      assignment: 255,
      time: 2n ** 64n - 1n,
    },
  ]
  const reports: ServedReport[] = [
    { epoch: 1n, shard: 0, counter: 1_500_000n, time: 1_515_053_700_000_000n },
    { epoch: 2n ** 64n - 1n, shard: 63, counter: 2n ** 64n - 1n, time: 2n ** 64n - 1n },
  ]
  return {
    domain: DOMAIN,
    separator,
    reports: reports.map((fields) => ({ fields, digest: servedDigest(separator, fields) })),
    receipts: receipts.map((fields) => ({ fields, digest: receiptDigest(separator, fields) })),
    batches: [
      {
        epoch: 1n,
        index: 5n,
        statementHash: keccakWords([5n]),
        digest: batchDigest(separator, 1n, 5n, keccakWords([5n])),
      },
    ],
    seeds: [{ epoch: 1n, blockHash: keccakWords([6n]), seed: epochSeed(DOMAIN, 1n, keccakWords([6n])) }],
  }
}

function words() {
  const widest: ShardPolicy = {
    weights: [4095n, 4095n],
    tau: 65_535n,
    limit: 2n ** 40n - 1n,
    trip: 1n,
    reset: 2n,
    skew: 3n,
    target: 4n,
    reporting: true,
  }
  const states: ShardState[] = [
    ...genesisStates(1),
    ...resetStates(1),
    { backlog: 2n ** 40n - 1n, buys: 1n, sells: 2n ** 40n - 1n, fee: 32_767n, ramp: 2n, open: false },
  ]
  const policy = policyFixture(4)
  const published = {
    ...policy,
    settlements: [1n, 2n, 3n, 4n].map((n) => hexAddress(n)),
    reportSigners: [5n, 6n, 7n, 8n].map((n) => hexAddress(n)),
  }
  return {
    policyWords: [widest, ...policy.shards].map((fields) => ({ fields, word: shardPolicyWord(fields) })),
    feeWords: [policy, policyFixture(4, 'round-robin')].map((fields) => ({
      feeMin: fields.feeMin,
      feeMax: fields.feeMax,
      kind: fields.kind,
      word: feeWord(fields),
    })),
    stateWords: states.map((fields) => ({ fields, word: stateWord(fields) })),
    stateHashes: [4, 16].flatMap((shards) => [
      { name: 'genesis', shards, blind: 0n, hash: stateHash(0n, genesisStates(shards)) },
      { name: 'reset', shards, blind: 0n, hash: stateHash(0n, resetStates(shards)) },
    ]),
    policyHashes: [{ policy: published, hash: policyHash(published) }],
  }
}

const hexAddress = (n: bigint): string => `0x${n.toString(16).padStart(40, '0')}`

function start() {
  const [shard] = policyFixture(1).shards
  if (!shard) throw new Error('fixture')
  const fees = { feeMin: 10n, feeMax: 100n }
  const base: ShardState = { backlog: 5_000_000n, buys: 800n, sells: 15n, fee: 64n, ramp: 1n, open: true }
  const cases: { state: ShardState; served: bigint }[] = [
    { state: base, served: 1_000_000n },
    { state: base, served: 6_000_000n },
    { state: { ...base, backlog: shard.trip }, served: 0n },
    { state: { ...base, backlog: shard.trip - 1n }, served: 0n },
    { state: { ...base, backlog: shard.reset, open: false }, served: 0n },
    { state: { ...base, backlog: shard.reset - 1n, open: false, ramp: 3n }, served: 0n },
    { state: { ...base, buys: 8n * shard.skew, sells: 0n }, served: 0n },
    { state: { ...base, fee: 1n, backlog: 0n }, served: 0n },
    { state: { ...base, fee: 99n }, served: 0n },
    { state: { ...base, ramp: 3n }, served: 0n },
  ]
  return {
    policy: shard,
    fees,
    cases: cases.map(({ state, served }) => ({ state, served, after: advanceShard(state, shard, served, fees) })),
  }
}

function draw() {
  const tables = [
    [1n, 1n, 1n, 1n],
    [0n, 0n, 0n, 0n],
    [0n, 65_520n, 1n, 0n],
    [3n, 0n, 0n, 5n],
  ]
  return {
    tables: tables.map((weights) => {
      const table = scaleTable(weights)
      const draws = [0n, 1n, 4_095n, 4_096n, 6_143n, 6_144n, 16_383n]
      return { weights, ...table, cells: draws.map((u) => ({ draw: u, shard: cellOf(table, u) ?? null })) }
    }),
    twoChoice: [element(1), 0n, (1n << 28n) - 1n, 16_383n << 14n, EDGE, EDGE - 1n].map((r) => ({
      r,
      draws: drawsOf(r) ?? null,
    })),
    roundRobin: [0n, 1n, 2n, 16_383n, 2n ** 64n - 1n].map((n) => ({ n, draw: roundRobinDraw(n) })),
  }
}

function batch() {
  const cases: [string, BatchWitness][] = [
    ['genesis, full', batchFixture(4, 8)],
    ['genesis, empty', batchFixture(4, 0)],
    ['round-robin, partial', batchFixture(4, 5, { policy: policyFixture(4, 'round-robin'), orderCounter: 77n })],
    [
      'all closed',
      batchFixture(4, 3, {
        before: resetStates(4).map((s) => ({ ...s, backlog: 7_000_000n })),
        served: [0n, 0n, 0n, 0n],
        elapsed: 0n,
      }),
    ],
    [
      'tight limits, deferrals',
      batchFixture(4, 8, {
        policy: policyFixture(4, 'two-choice', {
          limit: 60_000n,
          trip: 60_000n,
          reset: 30_000n,
          target: 30_000n,
          skew: 60_000n,
        }),
      }),
    ],
  ]
  return {
    shape: SHAPE,
    context: CONTEXT,
    cases: cases.map(([name, witness]) => {
      const { statement, after } = routeBatch(witness)
      const v = encodeStatement(SHAPE, statement)
      const binding = bind(CONTEXT, v)
      const head = headHash({
        epoch: 1n,
        nextIndex: 1n,
        state: statement.stateAfter,
        time: statement.time,
        orderCounter: statement.orderCounter + BigInt(statement.commitments.length),
        counters: [0n, 0n, 0n, 0n],
      })
      const parts = {
        orderRoot: orderRoot(statement),
        statementHash: statementHash(v),
        head,
        terms: termsHash(statement, CONTEXT.beneficiary),
      }
      return {
        name,
        kind: witness.policy.kind,
        inputs: circuitInputs(SHAPE, witness, binding),
        v,
        binding,
        assignments: statement.assignments,
        after: after.map(stateWord),
        leaves: orderLeaves(statement),
        path0: statement.commitments.length ? inclusionPath(statement, 0) : [],
        ...parts,
        record: recordHash(parts),
      }
    }),
  }
}

const misc = () => ({
  verifierIds: [
    {
      kind: 'two-choice',
      ...SHAPE,
      words: Array.from({ length: 22 }, (_, i) => element(10, i)),
      id: verifierIdOf(
        'two-choice',
        SHAPE,
        Array.from({ length: 22 }, (_, i) => element(10, i)),
      ),
    },
  ],
  trees: [0, 1, 2, 3, 5].map((n) => ({
    leaves: Array.from({ length: n }, (_, i) => hex32(element(11, i))),
    root: merkleRoot(Array.from({ length: n }, (_, i) => hex32(element(11, i)))),
  })),
})

/** Files by name; values hold bigints. */
export const vectorFiles = () => ({
  hash: hash(),
  order: order(),
  details: details(),
  receipt: receipt(),
  words: words(),
  start: start(),
  draw: draw(),
  batch: batch(),
  misc: misc(),
  // circomlibjs's own code, for tests that cannot run it: it answers the known hashes of `hash.poseidon`.
  'poseidon-contract': { code: poseidonCode() },
})

/** The text of a vector file: bigints as decimal strings. */
export const vectorText = (content: unknown): string => `${jsonText(content, 1)}\n`
