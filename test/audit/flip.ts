/** Flips single bits in nested plain data, leaf by leaf. */
export type Path = readonly (string | number)[]

/** Paths of all bigints, numbers, booleans and hex strings below `value`. */
export function leaves(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, [...path, i]))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
  return value === undefined ? [] : [path]
}

/** `value` with one bit of the leaf at `path` flipped. @param bit any number; taken modulo the leaf's width. */
export function flip<T>(value: T, path: Path, bit: number): T {
  const copy = structuredClone(value)
  const parent = path.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), copy)
  const key = path.at(-1) ?? ''
  Reflect.set(Object(parent), key, flipped(Reflect.get(Object(parent), key), bit))
  return copy
}

function flipped(leaf: unknown, bit: number): unknown {
  if (typeof leaf === 'bigint') return leaf ^ (1n << BigInt(bit % 256))
  if (typeof leaf === 'number') return leaf ^ (1 << (bit % 8))
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'string' && leaf.startsWith('0x')) {
    const at = 2 + (bit % (leaf.length - 2))
    const digit = Number.parseInt(leaf.charAt(at), 16) ^ (1 << (bit % 4))
    return leaf.slice(0, at) + digit.toString(16) + leaf.slice(at + 1)
  }
  return `${leaf}?`
}
