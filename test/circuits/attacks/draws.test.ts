import { FIELD_MODULUS } from '../../../src/base/field.ts'
import { poseidon } from '../../../src/base/poseidon.ts'
import { describeAttacks } from '../helpers/attack.ts'

const TOP = FIELD_MODULUS >> 224n
const r = (3n << 224n) + 777n
const twin = r + FIELD_MODULUS // the same field element, below 2^254
const restHint = 'rest[i] <-- (r >> i) & 1;'

describeAttacks({ lib: 'draw-split', instance: 'DrawSplit()' }, [
  {
    title: 'the split of r + p',
    inputs: { r },
    edits: [
      [restHint, `rest[i] <-- (${twin & ((1n << 224n) - 1n)} >> i) & 1;`],
      ['weighted[i] <-- i == 29 ? usesLast : (others >> i) & 1;', `weighted[i] <-- i == 0 ? ${twin >> 224n} : 0;`],
      ['weighted[i] * (weighted[i] - 1) === 0;', ''],
    ],
  },
  {
    title: 'draws made of bits that are none',
    inputs: { r },
    edits: [
      [restHint, 'rest[i] <-- ((r >> i) & 1) + (i == 13 ? 2 : (i == 14 ? -1 : 0));'],
      ['rest[i] * (rest[i] - 1) === 0;', ''],
    ],
  },
  {
    title: 'the split of another number',
    inputs: { r },
    edits: [
      [restHint, 'rest[i] <-- ((r + 1) >> i) & 1;'],
      ['r === sum + (1 << 224) * topSum;', ''],
    ],
  },
  {
    title: 'an edge where there is none',
    inputs: { r },
    edits: [['edge <== IsZero()', 'edge <== FlippedIsZero()']],
  },
  {
    title: 'no edge where there is one',
    inputs: { r: TOP << 224n },
    edits: [['edge <== IsZero()', 'edge <== FlippedIsZero()']],
  },
])

describeAttacks({ lib: 'round-robin', instance: 'CounterDraws(3)' }, [
  {
    title: 'a step of another length',
    inputs: { orderCounter: 5n },
    edits: [['draw[i] <== draw[i - 1] + STEP', 'draw[i] <-- draw[i - 1] + 1']],
  },
  {
    title: 'a pass that did not happen',
    inputs: { orderCounter: 5n },
    edits: [
      ['passes[i] <-- draw[i - 1] + STEP >= 1 << 14 ? 1 : 0;', 'passes[i] <-- 1;'],
      ['_ <== Num2Bits(14)(draw[i]);', '_ <== FreeNum2Bits(14)(draw[i]);'],
    ],
  },
  {
    title: 'half a pass',
    inputs: { orderCounter: 5n },
    edits: [
      ['passes[i] <-- draw[i - 1] + STEP >= 1 << 14 ? 1 : 0;', 'passes[i] <-- 1 / 2;'],
      ['passes[i] * (passes[i] - 1) === 0;', ''],
    ],
  },
  {
    title: 'a first draw of another counter',
    inputs: { orderCounter: 5n },
    edits: [['Num2Bits(64)(orderCounter)', 'OffNum2Bits(64)(orderCounter)']],
  },
  {
    title: 'a first draw that is not the product',
    inputs: { orderCounter: 5n },
    edits: [['Num2Bits(28)(low', 'OffNum2Bits(28)(low']],
  },
  {
    title: 'a counter of 65 bits',
    inputs: { orderCounter: 1n << 64n },
    edits: [['Num2Bits(64)(orderCounter)', 'FreeNum2Bits(64)(orderCounter)']],
    unsatisfiable: true,
  },
])

// four equal cells; shard 3 is the less loaded, then 2, then 0 and 1 alike
const ranks = [2n, 2n, 1n, 0n]
const row = ranks.map((rank, j) => BigInt(j) * 4096n + (((BigInt(j) + 1n) * 4096n) << 15n) + (rank << 30n))
const slot = { active: 1n, segment: 0n, cell: [...row, ...row], nonempty: [1n, 1n] }
const batchKey = 11n
/** A commitment whose two draws fall on these shards. */
function drawing(first: bigint, second: bigint): bigint {
  for (let commitment = 0n; ; commitment++) {
    const hash = poseidon([batchKey, commitment])
    if (((hash >> 12n) & 3n) === first && ((hash >> 26n) & 3n) === second) return commitment
  }
}
const order = { ...slot, batchKey, commitment: drawing(0n, 2n) }
/** Hints that make any cell pass, once its rank may be any field element. */
const anyCell = (shard: number) =>
  [
    ['bits[b] <-- (at >> b) & 1;', `bits[b] <-- (${shard} >> b) & 1;`],
    ['below <-- draw - (found & 32767);', 'below <-- draw;'],
    ['above <-- ((found >> 15) & 32767) - 1 - draw;', 'above <-- 16383 - draw;'],
    ['rank <-- found >> 30;', 'rank <-- (found - (1 << 29)) / (1 << 30);'],
  ] as const

describeAttacks({ lib: 'two-choice', instance: 'TwoChoice(2)' }, [
  {
    title: 'the candidates swapped on a tie',
    inputs: { ...order, commitment: drawing(0n, 1n) },
    edits: [['LessThan(L)([', 'FlippedLessThan(L)([']],
  },
  { title: 'the more loaded candidate', inputs: order, edits: [['LessThan(L)([', 'FlippedLessThan(L)([']] },
  {
    title: 'a shard that was not drawn, its rank a fraction in the field',
    inputs: { ...order, commitment: drawing(0n, 1n) },
    edits: [['_ <== Num2Bits(L)(candidate[0].rank);', '_ <== FreeNum2Bits(L)(candidate[0].rank);']],
    included: { cell: anyCell(3) },
  },
  {
    title: 'a shard that is neither candidate',
    inputs: order,
    edits: [['bits[b] <== candidate[0].bits[b] + second', 'bits[b] <-- 1 - candidate[0].bits[b] + 0 * second']],
  },
  {
    title: 'a draw from another commitment',
    inputs: order,
    edits: [['split.r <== hash.out;', `split.r <-- ${3 << 12};`]],
  },
  {
    title: 'the first draw used twice',
    inputs: order,
    edits: [['candidate[d].draw <== split.draw[d];', 'candidate[d].draw <-- split.draw[0];']],
  },
  {
    title: 'an order drawn from an empty table',
    inputs: { ...order, nonempty: [0n, 1n] },
    edits: [['signal weighted <== nonempty[0] + segment * (nonempty[1] - nonempty[0]);', 'signal weighted <-- 1;']],
  },
  {
    title: 'an empty slot drawn',
    inputs: { ...order, active: 0n },
    edits: [['signal inside <== active * (1 - split.edge);', 'signal inside <-- 1;']],
  },
  {
    title: 'a good order held back',
    inputs: order,
    edits: [['drawn <== inside * weighted;', 'drawn <-- 0;']],
  },
])

const plain = row.map((cell) => cell & ((1n << 30n) - 1n))
const turn = { draw: 5000n, active: 1n, segment: 0n, cell: [...plain, ...plain], nonempty: [1n, 1n] }

describeAttacks({ lib: 'round-robin', instance: 'RoundRobin(2)' }, [
  {
    title: 'a shard that was not drawn, its rank a fraction in the field',
    inputs: turn,
    edits: [['candidate.rank === 0;', '']],
    included: { cell: anyCell(3) },
  },
  {
    title: 'another draw',
    inputs: turn,
    edits: [['candidate.draw <== draw;', 'candidate.draw <-- 0;']],
  },
  {
    title: 'an order drawn from an empty table',
    inputs: { ...turn, nonempty: [0n, 1n] },
    edits: [['signal weighted <== nonempty[0] + segment * (nonempty[1] - nonempty[0]);', 'signal weighted <-- 1;']],
  },
  {
    title: 'an empty slot drawn',
    inputs: { ...turn, active: 0n },
    edits: [['drawn <== active * weighted;', 'drawn <-- weighted;']],
  },
])
