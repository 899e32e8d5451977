import { at } from '../../../../src/base/at.ts'

/** A name without the places of arrays: what all parts of an array share. */
export const withoutPlaces = (name: string): string => name.replace(/\[\d+\]/g, '[*]')

/** Renames `Num2Bits_17_523`, a component without a name, to `Num2Bits`, or `Num2Bits~2` for the second of its parent. */
export function stableNames(names: readonly string[]): (name: string) => string {
  const bySibling = new Map<string, string[]>() // parent and template: the compiler's names, in order
  const anonymous = /^([A-Za-z]\w*?)(_\d+_\d+)(\[\d+\])?$/
  for (const name of names) {
    const parts = name.split('.')
    for (let depth = 0; depth < parts.length - 1; depth++) {
      const [, template, suffix] = anonymous.exec(at(parts, depth)) ?? []
      if (template === undefined || suffix === undefined) continue
      const key = `${withoutPlaces(parts.slice(0, depth).join('.'))} ${template}`
      const list = bySibling.get(key) ?? []
      if (!list.includes(suffix)) bySibling.set(key, [...list, suffix])
    }
  }
  for (const list of bySibling.values()) {
    list.sort((a, b) => Number(a.split('_')[2]) - Number(b.split('_')[2]))
  }
  return (name) => {
    const parts = name.split('.')
    return parts
      .map((part, depth) => {
        const [, template, suffix, place = ''] = anonymous.exec(part) ?? []
        if (depth === parts.length - 1 || template === undefined || suffix === undefined) return part
        const list = bySibling.get(`${withoutPlaces(parts.slice(0, depth).join('.'))} ${template}`) ?? []
        const number = list.indexOf(suffix) + 1
        return `${template}${number > 1 ? `~${number}` : ''}${place}`
      })
      .join('.')
  }
}
