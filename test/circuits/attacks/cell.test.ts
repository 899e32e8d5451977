import { describeAttacks } from '../helpers/attack.ts'

/** A cell as the circuit packs it. */
const cell = (from: bigint, to: bigint, rank: bigint) => from + (to << 15n) + (rank << 30n)
const cells = [cell(0n, 6144n, 0n), cell(6144n, 8192n, 1n), cell(8192n, 8192n, 2n), cell(8192n, 16384n, 3n)]
const index = 'bits[b] <-- (at >> b) & 1;'

describeAttacks({ lib: 'cell', instance: 'HoldingCell(2)' }, [
  {
    title: 'a cell above the draw',
    inputs: { cell: cells, draw: 7000n },
    edits: [
      [index, 'bits[b] <-- (3 >> b) & 1;'],
      ['_ <== Num2Bits(14)(below);', '_ <== FreeNum2Bits(14)(below);'],
    ],
  },
  {
    title: 'a cell below the draw',
    inputs: { cell: cells, draw: 7000n },
    edits: [
      [index, 'bits[b] <-- 0;'],
      ['_ <== Num2Bits(14)(above);', '_ <== FreeNum2Bits(14)(above);'],
    ],
  },
  {
    title: 'a rank that is not the cell’s',
    inputs: { cell: cells, draw: 7000n },
    edits: [
      ['rank <-- found >> 30;', 'rank <-- (found >> 30) + 1;'],
      ['found === (draw - below) + (1 << 15) * (draw + 1 + above) + (1 << 30) * rank;', ''],
    ],
  },
])

const halves = [cell(0n, 8192n, 0n), cell(8192n, 16384n, 1n)]
const invented = cell(9000n, 11000n, 5n)

describeAttacks({ lib: 'cell', instance: 'HoldingCell(1)' }, [
  {
    title: 'a mixture of cells that no index gives',
    inputs: { cell: halves, draw: 10000n },
    edits: [
      [index, `bits[b] <-- (${invented} - cell[0]) / (cell[1] - cell[0]);`],
      ['bits[b] * (bits[b] - 1) === 0;', ''],
    ],
  },
])

describeAttacks({ lib: 'cell', instance: 'SegmentCells(1)' }, [
  {
    title: 'the cells of the other segment',
    inputs: { cell: [1n, 2n, 3n, 4n], segment: 1n },
    edits: [['out[j] <== cell[0][j] + segment * (cell[1][j] - cell[0][j]);', 'out[j] <-- cell[0][j];']],
  },
])

describeAttacks({ lib: 'cell', instance: 'CellWords(3)' }, [
  {
    title: 'a cell that is not the table’s',
    inputs: { bound: [0n, 1n, 2n, 3n, 0n, 1n, 2n, 3n], rank: [0n, 0n, 1n] },
    edits: [['cell[g][j] <== bound[g][j] +', 'cell[g][j] <-- 1 + bound[g][j] +']],
  },
  {
    title: 'a cell past the last shard',
    inputs: { bound: [0n, 1n, 2n, 3n, 0n, 1n, 2n, 3n], rank: [0n, 0n, 1n] },
    edits: [['cell[g][j] <== 0;', 'cell[g][j] <-- (1 << 29);']],
  },
])
