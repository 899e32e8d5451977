import { describeAttacks } from '../helpers/attack.ts'

const one = { size: [3n, 0n], side: [0n, 0n], segment: [0n, 0n], details: [9n, 0n] }
const activeHint = 'active[i] <-- size[i] != 0 ? 1 : 0;'
const monotone = ['active[i] * (active[i] - (i == 0 ? 1 : active[i - 1])) === 0;', ''] as const

describeAttacks({ lib: 'order', instance: 'Orders(2)' }, [
  {
    title: 'an order of size 0',
    inputs: one,
    edits: [
      [activeHint, 'active[i] <-- 1;'],
      ['size * inverse === active;', ''],
    ],
  },
  {
    title: 'a slot filled behind an empty one',
    inputs: { ...one, size: [0n, 3n] },
    edits: [monotone],
    unsatisfiable: true,
  },
  {
    title: 'a slot that counts twice',
    inputs: one,
    edits: [
      [activeHint, 'active[i] <-- i == 0 ? 2 : 0;'],
      ['signal inverse <-- size != 0 ? 1 / size : 0;', 'signal inverse <-- size != 0 ? 2 / size : 0;'],
      monotone,
    ],
  },
  {
    title: 'a size that runs into the side',
    inputs: { ...one, size: [(1n << 32n) + 3n, 0n] },
    edits: [['_ <== Num2Bits(32)(size);', '_ <== FreeNum2Bits(32)(size);']],
    unsatisfiable: true,
  },
  {
    title: 'a side that runs into the segment',
    inputs: { ...one, side: [2n, 0n] },
    edits: [['side * (side - 1) === 0;', '']],
    unsatisfiable: true,
  },
  {
    title: 'a segment past its bit',
    inputs: { ...one, segment: [2n, 0n] },
    edits: [['segment * (segment - 1) === 0;', '']],
    unsatisfiable: true,
  },
  {
    title: 'a commitment to another order',
    inputs: one,
    edits: [['commitment <== hash.out;', 'commitment <-- 7;']],
  },
  {
    title: 'a commitment published from an empty slot',
    inputs: one,
    edits: [['published <== active * commitment;', 'published <-- commitment;']],
  },
  { title: 'a count of other slots', inputs: one, edits: [['count <== sum;', 'count <-- sum + 1;']] },
])

// shard 0 has room for 5 ticks, two lots
const order = {
  bits: [0n],
  drawn: 1n,
  size: 2n,
  side: 0n,
  tau: [2n, 3n],
  limit: [100n, 90n],
  backlog: [95n, 0n],
  buys: [1n, 1n],
}

describeAttacks({ lib: 'admission', instance: 'Admit(2)' }, [
  {
    title: 'an order over the limit taken',
    inputs: { ...order, size: 3n },
    edits: [['Num2Bits(50)(rooms', 'FlippedNum2Bits(50)(rooms']],
  },
  {
    title: 'an order within the limit deferred',
    inputs: order,
    edits: [['Num2Bits(50)(rooms', 'FlippedNum2Bits(50)(rooms']],
  },
  {
    title: 'an order taken that was not drawn',
    inputs: { ...order, drawn: 0n },
    edits: [['signal accepted <== drawn * slack[49];', 'signal accepted <-- slack[49];']],
  },
  {
    title: 'work understated',
    inputs: { ...order, size: 3n },
    edits: [['signal work <== size * taus.out;', 'signal work <-- 1;']],
  },
  {
    title: 'room that forgets the backlog',
    inputs: { ...order, size: 3n },
    edits: [['rooms.table[j] <== limit[j] - backlog[j];', 'rooms.table[j] <-- limit[j];']],
  },
  {
    title: 'a backlog that does not grow',
    inputs: order,
    edits: [['signal added <== accepted * work;', 'signal added <-- 0;']],
  },
  {
    title: 'a buy booked as a sell',
    inputs: order,
    edits: [['signal bought <== added * (1 - side);', 'signal bought <-- 0;']],
  },
  {
    title: 'work put on another shard',
    inputs: order,
    edits: [
      ['nextBacklog[j] <== backlog[j] + hot[j] * added;', 'nextBacklog[j] <-- backlog[j] + (1 - hot[j]) * added;'],
    ],
  },
  {
    title: 'buys put on another shard',
    inputs: order,
    edits: [['nextBuys[j] <== buys[j] + hot[j] * bought;', 'nextBuys[j] <-- buys[j] + (1 - hot[j]) * bought;']],
  },
  {
    title: 'another assignment published',
    inputs: order,
    edits: [['assignment <== accepted * (index + 1);', 'assignment <-- 2;']],
  },
])
