/** JSON text with every `bigint` as a decimal string. @param indent spaces a level; one line when left out. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item), indent)
