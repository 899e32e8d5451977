import { ShapeError } from './error.ts'
import { assertUint } from './field.ts'

/** Names and widths (bits) of the fields of one word, from the low end. */
export type WordLayout<Name extends string> = readonly (readonly [name: Name, bits: number])[]

/**
 * Packs named fields into one word, the first at the low end.
 * @throws OutOfRangeError OUT_OF_RANGE when a field does not fit its width.
 */
export function packWord<Name extends string>(
  layout: WordLayout<Name>,
  fields: Readonly<Record<Name, bigint>>,
): bigint {
  let word = 0n
  let shift = 0n
  for (const [name, bits] of layout) {
    word |= assertUint(fields[name], bits, name) << shift
    shift += BigInt(bits)
  }
  return word
}

/**
 * Opens a word into its fields; the inverse of {@link packWord}.
 * @throws OutOfRangeError OUT_OF_RANGE when the word has bits above its layout.
 */
export function unpackWord<Name extends string>(layout: WordLayout<Name>, word: bigint): Record<Name, bigint> {
  const width = layout.reduce((sum, [, bits]) => sum + bits, 0)
  let rest = assertUint(word, width, 'word')
  const fields: Partial<Record<Name, bigint>> = {}
  for (const [name, bits] of layout) {
    fields[name] = BigInt.asUintN(bits, rest)
    rest >>= BigInt(bits)
  }
  // The loop has set every name of the layout.
  return fields as Record<Name, bigint>
}

/**
 * Packs items of one width into words, item i of a word at bit `bits·i`; the last word is filled with zeros.
 * @throws OutOfRangeError OUT_OF_RANGE when an item does not fit.
 */
export function packItems(items: readonly bigint[], bits: number, perWord: number): bigint[] {
  const words: bigint[] = new Array(Math.ceil(items.length / perWord)).fill(0n)
  items.forEach((item, i) => {
    const at = Math.floor(i / perWord)
    words[at] = (words[at] ?? 0n) | (assertUint(item, bits, 'item') << BigInt(bits * (i % perWord)))
  })
  return words
}

/**
 * Opens `count` items; the inverse of {@link packItems}.
 * @throws OutOfRangeError OUT_OF_RANGE when a word has bits where no item is, so that an opening is unique.
 */
export function unpackItems(words: readonly bigint[], bits: number, perWord: number, count: number): bigint[] {
  const items: bigint[] = []
  words.forEach((word, at) => {
    const here = Math.max(0, Math.min(perWord, count - at * perWord))
    assertUint(word, bits * here, 'packed word')
    for (let i = 0; i < here; i++) items.push(BigInt.asUintN(bits, word >> BigInt(bits * i)))
  })
  if (items.length !== count)
    throw new ShapeError('SHAPE_MISMATCH', `expected ${count} items, the words hold ${items.length}`)
  return items
}
