import { FIELD_MODULUS, modField } from '../../../../src/base/field.ts'
import { inverse } from './system.ts'

/** Values that a prover is free to choose and the circuits propose with `<--`: which wires they are read from, which they fill. */
export interface Hint {
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** The honest choice: values for `to`, given those of `from`. */
  readonly choose: (from: readonly bigint[]) => readonly bigint[]
}

/** The signals of one component by their local names. */
export type Locals = ReadonlyMap<string, number>

const TOP = FIELD_MODULUS >> 224n

/** Every hint of a component: one rule for each template that has some, told by the signals that only it has. */
export function hintsOf(locals: Locals): Hint[] {
  const has = (name: string) => locals.has(name)
  const rule = RULES.find(({ signals }) => signals.every(has))
  return rule?.hints(reader(locals)) ?? []
}

interface Reader {
  (name: string): number
  list(name: string): number[]
}

function reader(locals: Locals): Reader {
  const wire = (name: string): number => {
    const found = locals.get(name)
    if (found === undefined) throw new Error(`no signal ${name}`)
    return found
  }
  const list = (name: string): number[] => {
    const wires: number[] = []
    for (let i = 0; locals.has(`${name}[${i}]`); i++) wires.push(wire(`${name}[${i}]`))
    return wires
  }
  return Object.assign(wire, { list })
}

const bit = (value: bigint, i: number): bigint => (value >> BigInt(i)) & 1n
const bitsOf = (value: bigint, n: number): bigint[] => Array.from({ length: n }, (_, i) => bit(value, i))
const floor = (value: bigint, divisor: bigint): bigint => (divisor === 0n ? 0n : value / divisor)

/** Told apart by signals, most particular first. */
const RULES: readonly { signals: readonly string[]; hints: (wire: Reader) => Hint[] }[] = [
  {
    signals: ['in', 'inv', 'out'], // IsZero
    hints: (wire) => [{ from: [wire('in')], to: [wire('inv')], choose: ([value = 0n]) => [inverse(value)] }],
  },
  {
    signals: ['inverse', 'size'], // OpenOrder
    hints: (wire) => [{ from: [wire('size')], to: [wire('inverse')], choose: ([size = 0n]) => [inverse(size)] }],
  },
  {
    signals: ['active[0]', 'size[0]', 'count'], // Orders
    hints: (wire) =>
      wire.list('active').map((active, i) => ({
        from: [wire(`size[${i}]`)],
        to: [active],
        choose: ([size]) => [size === 0n ? 0n : 1n],
      })),
  },
  { signals: ['rest[0]', 'weighted[0]'], hints: (wire) => [splitDraw(wire)] }, // DrawSplit
  { signals: ['below', 'above', 'found'], hints: (wire) => holdCell(wire) }, // HoldingCell
  { signals: ['divisor', 'bound[0]'], hints: (wire) => scaleTable(wire) }, // ScaledTable
  {
    signals: ['quarter[0]', 'load'], // Headroom
    hints: (wire) => [
      {
        from: [wire('load'), wire('limit')],
        to: wire.list('quarter'),
        choose: ([load = 0n, limit = 0n]) => bitsOf(floor(modField(4n * load), limit), 2),
      },
    ],
  },
  { signals: ['rung[0]', 'backlog[0]'], hints: (wire) => [rankShards(wire)] }, // Ranks
  {
    signals: ['passes[0]', 'draw[0]'], // CounterDraws
    hints: (wire) =>
      wire.list('passes').flatMap((pass, i) =>
        i === 0
          ? []
          : {
              from: [wire(`draw[${i - 1}]`)],
              to: [pass],
              choose: ([draw = 0n]) => [draw + 10127n >= 1n << 14n ? 1n : 0n],
            },
      ),
  },
  {
    signals: ['in', 'out[0]'], // Num2Bits; what else has these signals computes its outputs from others
    hints: (wire) => [
      { from: [wire('in')], to: wire.list('out'), choose: ([value = 0n]) => bitsOf(value, wire.list('out').length) },
    ],
  },
]

function splitDraw(wire: Reader): Hint {
  const last = TOP - ((1n << 29n) - 1n)
  return {
    from: [wire('r')],
    to: [...wire.list('rest'), ...wire.list('weighted')],
    choose: ([r = 0n]) => {
      const top = r >> 224n
      const usesLast = top >= 1n << 29n ? 1n : 0n
      return [...bitsOf(r, 224), ...bitsOf(top - usesLast * last, 29), usesLast]
    },
  }
}

function holdCell(wire: Reader): Hint[] {
  const [cells, bits] = [wire.list('cell'), wire.list('bits')]
  const parts = (cell: bigint): [bigint, bigint] => [cell & 32767n, (cell >> 15n) & 32767n]
  return [
    {
      from: [wire('draw'), ...cells],
      to: bits,
      choose: ([draw = 0n, ...values]) => {
        const held = values.findLastIndex((cell) => {
          const [low, high] = parts(cell)
          return low <= draw && draw < high
        })
        return bitsOf(BigInt(Math.max(held, 0)), bits.length)
      },
    },
    {
      from: [wire('found'), wire('draw')],
      to: [wire('below'), wire('above'), wire('rank')],
      choose: ([found = 0n, draw = 0n]) => {
        const [low, high] = parts(found)
        return [modField(draw - low), modField(high - 1n - draw), found >> 30n]
      },
    },
  ]
}

function scaleTable(wire: Reader): Hint[] {
  const weights = wire.list('weight')
  return weights.slice(1).map((_, i) => ({
    from: [wire('divisor'), ...weights.slice(0, i + 1)],
    to: [wire(`bound[${i + 1}]`)],
    choose: ([divisor = 0n, ...below]) => [
      floor(modField((1n << 14n) * below.reduce((sum, w) => sum + w, 0n)), divisor),
    ],
  }))
}

function rankShards(wire: Reader): Hint {
  const [backlogs, rungs] = [wire.list('backlog'), wire.list('rung')]
  return {
    from: backlogs,
    to: [...rungs, ...backlogs.flatMap((_, j) => wire.list(`bits[${j}]`))],
    choose: (values) => {
      const ladder = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
      while (ladder.length < rungs.length) ladder.push((ladder.at(-1) ?? 0n) + 1n)
      const width = Math.log2(rungs.length)
      return [...ladder, ...values.flatMap((value) => bitsOf(BigInt(ladder.indexOf(value)), width))]
    },
  }
}
