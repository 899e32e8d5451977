import { describeAttacks } from '../helpers/attack.ts'

const flip = (bits: number, operands: string) =>
  [`LessThan(${bits})([${operands}])`, `FlippedLessThan(${bits})([${operands}])`] as const

describeAttacks({ lib: 'backlog', instance: 'Drain()' }, [
  { title: 'a backlog below zero', inputs: { backlog: 5n, served: 9n }, edits: [flip(40, 'served, backlog')] },
  { title: 'a backlog drained whole', inputs: { backlog: 9n, served: 5n }, edits: [flip(40, 'served, backlog')] },
  {
    title: 'served work left out',
    inputs: { backlog: 9n, served: 5n },
    edits: [['left <== some * (backlog - served);', 'left <-- backlog;']],
  },
])

const quarter = (low: string, high: string) =>
  [
    ['quarter[0] <-- floor & 1;', `quarter[0] <-- ${low};`],
    ['quarter[1] <-- (floor >> 1) & 1;', `quarter[1] <-- ${high};`],
  ] as const
const loaded = { open: 1n, backlog: 30n, limit: 100n } // 4T = 120: one whole limit, headroom 2

describeAttacks({ lib: 'backlog', instance: 'Headroom()' }, [
  {
    title: 'too much headroom',
    inputs: loaded,
    edits: [...quarter('0', '0'), ['_ <== Num2Bits(40)(limit - 1', '_ <== FreeNum2Bits(40)(limit - 1']],
  },
  {
    title: 'too little headroom',
    inputs: loaded,
    edits: [...quarter('0', '1'), ['_ <== Num2Bits(40)(remainder)', '_ <== FreeNum2Bits(40)(remainder)']],
  },
  {
    title: 'a fraction in the field, low part',
    inputs: loaded,
    edits: [...quarter('4 * load / limit', '0'), ['quarter[0] * (quarter[0] - 1) === 0;', '']],
  },
  {
    title: 'a fraction in the field, high part',
    inputs: loaded,
    edits: [...quarter('0', '2 * load / limit'), ['quarter[1] * (quarter[1] - 1) === 0;', '']],
  },
  {
    title: 'a product that is not quarter times limit',
    inputs: loaded,
    edits: [...quarter('0', '0'), ['signal whole <== (quarter[0] + 2 * quarter[1]) * limit;', 'signal whole <-- 100;']],
  },
  {
    title: 'a remainder that is not the division’s',
    inputs: loaded,
    edits: [...quarter('0', '0'), ['signal remainder <== 4 * load - whole;', 'signal remainder <-- 0;']],
  },
  {
    title: 'an open shard taken for idle',
    inputs: loaded,
    edits: [['signal load <== open * backlog;', 'signal load <-- 0;']],
  },
])

const calm = { open: 1n, backlog: 10n, buys: 10n, sells: 5n, trip: 40n, reset: 20n, skew: 8n }

describeAttacks({ lib: 'breaker', instance: 'Breaker()' }, [
  {
    title: 'an overloaded shard kept open',
    inputs: { ...calm, backlog: 40n },
    edits: [flip(40, 'backlog, threshold')],
  },
  { title: 'a calm shard closed', inputs: calm, edits: [flip(40, 'backlog, threshold')] },
  {
    title: 'hysteresis left out: a closed shard measured by trip',
    inputs: { ...calm, open: 0n, backlog: 30n },
    edits: [['signal threshold <== reset + open * (trip - reset);', 'signal threshold <-- trip;']],
  },
  {
    title: 'one-sided flow with its sign turned',
    inputs: { ...calm, buys: 100n },
    edits: [flip(40, 'sells, buys')],
  },
  {
    title: 'one-sided flow left out',
    inputs: { ...calm, sells: 100n },
    edits: [['signal gap <== (2 * buying - 1) * (buys - sells);', 'signal gap <-- 0;']],
  },
  { title: 'one-sided flow called calm', inputs: { ...calm, buys: 18n }, edits: [flip(40, 'gap, skew')] },
  {
    title: 'an open flag against both checks',
    inputs: { ...calm, backlog: 50n, buys: 50n },
    edits: [['next <== low * calm;', 'next <-- 1;']],
  },
])

describeAttacks({ lib: 'breaker', instance: 'Ramp()' }, [
  {
    title: 'a ramp above 0 on opening',
    inputs: { wasOpen: 0n, isOpen: 1n, rampBits: [0n, 0n] },
    edits: [['signal stays <== wasOpen * isOpen;', 'signal stays <-- 1;']],
  },
  {
    title: 'a ramp above 3',
    inputs: { wasOpen: 1n, isOpen: 1n, rampBits: [1n, 1n] },
    edits: [['signal both <== rampBits[0] * rampBits[1];', 'signal both <-- 0;']],
  },
  {
    title: 'a ramp that jumps',
    inputs: { wasOpen: 1n, isOpen: 1n, rampBits: [0n, 0n] },
    edits: [['next <== stays *', 'next <-- 3 * stays *']],
  },
])

const falling = { fee: 640n, feeStep: 20n, backlog: 50n, target: 100n, feeMin: 1n, feeMax: 700n }

describeAttacks({ lib: 'fee', instance: 'NextFee()' }, [
  { title: 'a fee that rises under a low backlog', inputs: falling, edits: [flip(40, 'target, backlog')] },
  {
    title: 'a fee that moves too far',
    inputs: falling,
    edits: [['signal moved <== fee + (2 * rising - 1) * (feeStep + 1);', 'signal moved <-- 2;']],
  },
  { title: 'a cap where none is due', inputs: falling, edits: [flip(16, 'feeMax, moved')] },
  { title: 'no cap where one is due', inputs: { ...falling, feeMax: 500n }, edits: [flip(16, 'feeMax, moved')] },
  {
    title: 'a capped fee that is neither of the two',
    inputs: { ...falling, feeMax: 500n },
    edits: [['signal capped <== moved + over * (feeMax - moved);', 'signal capped <-- 3;']],
  },
  { title: 'a floor where none is due', inputs: falling, edits: [flip(15, 'capped, feeMin')] },
  { title: 'no floor where one is due', inputs: { ...falling, feeMin: 650n }, edits: [flip(15, 'capped, feeMin')] },
  {
    title: 'a fee that is neither of the two',
    inputs: falling,
    edits: [['next <== capped + under * (feeMin - capped);', 'next <-- 3;']],
  },
])

// weights 5 and 6, tau 1, limit and trip 100, reset 50, skew 8, target 10; an open shard at ramp 3
const shard = {
  stateWord: 20n + (8n << 40n) + (8n << 80n) + (1n << 120n) + (3n << 135n) + (1n << 137n),
  policyWord:
    5n + (6n << 12n) + (1n << 24n) + (100n << 40n) + (100n << 80n) + (50n << 120n) + (8n << 160n) + (10n << 200n),
  served: 7n,
  elapsed: 7n,
  feeMin: 1n,
  feeMax: 100n,
}

describeAttacks({ lib: 'shard-start', instance: 'ShardStart()' }, [
  {
    title: 'served work without a report',
    inputs: { ...shard, served: 9n },
    edits: [['(1 - policy.reporting) * (served - elapsed) === 0;', '']],
    unsatisfiable: true,
  },
  {
    title: 'served work wider than its field',
    inputs: { ...shard, policyWord: shard.policyWord + (1n << 240n), served: 1n << 40n },
    edits: [['_ <== Num2Bits(40)(served);', '_ <== FreeNum2Bits(40)(served);']],
    unsatisfiable: true,
  },
  {
    title: 'buys that do not fade',
    inputs: shard,
    edits: [['buys <== state.buys - state.buysEighth;', 'buys <-- state.buys;']],
  },
  {
    title: 'sells that do not fade',
    inputs: shard,
    edits: [['sells <== state.sells - state.sellsEighth;', 'sells <-- state.sells;']],
  },
  {
    title: 'weight without headroom',
    inputs: shard,
    edits: [['signal running <== open * (headroom + 1);', 'signal running <-- 1;']],
  },
  {
    title: 'weight without slow start',
    inputs: shard,
    edits: [['signal share <== running * (ramp + 1);', 'signal share <-- running;']],
  },
  {
    title: 'a retail weight out of the air',
    inputs: shard,
    edits: [['weight[0] <== policy.weight[0] * share;', 'weight[0] <-- 1;']],
  },
  {
    title: 'an institutional weight out of the air',
    inputs: shard,
    edits: [['weight[1] <== policy.weight[1] * share;', 'weight[1] <-- 1;']],
  },
])
