import { concat, getBytes, ZeroHash } from 'ethers'
import { ShapeError } from './error.ts'
import { type Hex32, keccakBytes } from './keccak.ts'

const node = (left: Hex32, right: Hex32): Hex32 => keccakBytes(getBytes(concat([left, right])))

/** All levels of the keccak tree, leaves first and root last; leaves are filled with `bytes32(0)` to a power of two. */
function levels(leaves: readonly Hex32[]): Hex32[][] {
  let size = 1
  while (size < leaves.length) size *= 2
  const tree = [[...leaves, ...new Array<Hex32>(size - leaves.length).fill(ZeroHash)]]
  for (let level = tree[0] ?? []; level.length > 1; tree.push(level)) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, i) =>
      node(below[2 * i] ?? ZeroHash, below[2 * i + 1] ?? ZeroHash),
    )
  }
  return tree
}

/** Root of the tree; `bytes32(0)` without leaves, the leaf itself for one. */
export const merkleRoot = (leaves: readonly Hex32[]): Hex32 => levels(leaves).at(-1)?.[0] ?? ZeroHash

/** Siblings from the leaf up to the root. @throws ShapeError SHAPE_MISMATCH when there is no such leaf. */
export function merklePath(leaves: readonly Hex32[], index: number): Hex32[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new ShapeError('SHAPE_MISMATCH', `no leaf ${index}`)
  return levels(leaves)
    .slice(0, -1)
    .map((level, height) => level[(index >> height) ^ 1] ?? ZeroHash)
}

/** The root that a leaf and its path lead to; `undefined` when the index has bits above the path, which would hide a second reading. */
export function rootFromPath(leaf: Hex32, index: number, path: readonly Hex32[]): Hex32 | undefined {
  if (index < 0 || index >= 2 ** path.length) return undefined
  return path.reduce((at, sibling, height) => ((index >> height) & 1 ? node(sibling, at) : node(at, sibling)), leaf)
}
