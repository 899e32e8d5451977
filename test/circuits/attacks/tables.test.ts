import { describeAttacks } from '../helpers/attack.ts'

const quotient = 'bound[j] <-- ((1 << 14) * below) \\ divisor;'
const weights = { weight: [3n, 1n, 0n, 4n] }

describeAttacks({ lib: 'scaled-table', instance: 'ScaledTable(4)' }, [
  {
    title: 'a bound too high',
    inputs: weights,
    edits: [
      [quotient, 'bound[j] <-- ((1 << 14) * below) \\ divisor + (j == 1 ? 1 : 0);'],
      ['_ <== Num2Bits(n)(remainder[j]);', '_ <== FreeNum2Bits(n)(remainder[j]);'],
    ],
  },
  {
    title: 'a bound too low',
    inputs: weights,
    edits: [
      [quotient, 'bound[j] <-- ((1 << 14) * below) \\ divisor - (j == 1 ? 1 : 0);'],
      ['_ <== Num2Bits(n)(divisor - 1', '_ <== FreeNum2Bits(n)(divisor - 1'],
    ],
  },
  {
    title: 'a bound that is a fraction in the field',
    inputs: weights,
    edits: [
      [quotient, 'bound[j] <-- j == 1 ? ((1 << 14) * below - 1) / divisor : ((1 << 14) * below) \\ divisor;'],
      ['_ <== Num2Bits(15)(bound[j]);', '_ <== FreeNum2Bits(15)(bound[j]);'],
    ],
  },
  {
    title: 'a remainder that is not the division’s',
    inputs: weights,
    edits: [
      [quotient, 'bound[j] <-- 1;'],
      ['remainder[j] <== (1 << 14) * below - bound[j] * divisor;', 'remainder[j] <-- 0;'],
    ],
  },
  {
    title: 'a table called empty that is not',
    inputs: weights,
    edits: [['signal empty <== IsZero()', 'signal empty <== FlippedIsZero()']],
  },
])

const booleans = ['bits[j][b] * (bits[j][b] - 1) === 0;', ''] as const
const rungs = (list: string) =>
  [
    ['rung[0] <-- sorted[0];', `var forged[rungs] = [${list}];\n    rung[0] <-- forged[0];`],
    ['rung[k] <-- sorted[k];', 'rung[k] <-- forged[k];'],
  ] as const
const standOn = (rung: string) => ['bits[j][b] <-- (at >> b) & 1;', `bits[j][b] <-- ${rung};`] as const
const anyStep = ['_ <== Num2Bits(40)', '_ <== FreeNum2Bits(40)'] as const

describeAttacks({ lib: 'ranks', instance: 'Ranks(4)' }, [
  {
    title: 'unequal ranks for equal backlogs',
    inputs: { backlog: [5n, 5n, 7n, 9n] },
    edits: [...rungs('5, 5, 7, 9'), standOn('(j >> b) & 1'), anyStep],
  },
  {
    title: 'falling ranks',
    inputs: { backlog: [5n, 6n, 7n, 9n] },
    edits: [...rungs('9, 7, 6, 5'), standOn('((3 - j) >> b) & 1'), anyStep],
  },
  {
    title: 'a shard on another’s rung',
    inputs: { backlog: [5n, 6n, 7n, 9n] },
    edits: [standOn('(((at + 1) & 3) >> b) & 1'), ['standing[j].out === backlog[j];', '']],
  },
])

describeAttacks({ lib: 'ranks', instance: 'Ranks(2)' }, [
  {
    title: 'a rank that is a fraction in the field',
    inputs: { backlog: [5n, 10n] },
    edits: [...rungs('0, 10'), standOn('j == 0 ? 1 / 2 : 1'), booleans],
  },
])

describeAttacks({ lib: 'lookup', instance: 'LookUp(2)' }, [
  {
    title: 'an entry that is not the index’s',
    inputs: { table: [10n, 20n, 30n, 40n], bits: [1n, 0n] },
    edits: [['node[used] <== level[2 * i] +', 'node[used] <-- 1 + level[2 * i] +']],
  },
])

describeAttacks({ lib: 'lookup', instance: 'OneHot(2)' }, [
  {
    title: 'another row than the index’s',
    inputs: { bits: [1n, 1n] },
    edits: [['product[half + i] <== row[i] * bits[k];', 'product[half + i] <-- 1 - row[i] * bits[k];']],
  },
])
