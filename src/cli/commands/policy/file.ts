/** The service writes numbers as decimal text; files by hand have them as numbers. */
export const numbered = (input: unknown): unknown =>
  JSON.parse(JSON.stringify(input ?? null), (_, value) =>
    typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value,
  )
