/** JSON text with every `bigint` as a decimal string. @param indent spaces a level; one line when left out. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item), indent)

/** The value of a JSON text; `undefined` for a text that is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
