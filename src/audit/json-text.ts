/** White space between tokens; strings are matched first, so that theirs stays. */
const BETWEEN = /("(?:[^"\\]|\\.)*")|\s+/g

/**
 * Parses JSON that has one reading only: no key twice, no escape or spelling of a number but the one that `JSON.stringify` writes. White space between
 * tokens is free.
 * @returns `undefined`, which no document is, for any other text.
 */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text.replaceAll(BETWEEN, '$1') ? value : undefined
  } catch {
    return undefined
  }
}
