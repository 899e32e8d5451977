/** Draws are 14-bit integers, and so are the cells of a table. */
export const DRAW_BITS = 14
const SCALE = 1n << BigInt(DRAW_BITS)

/** One segment's cumulative table: shard j holds the draws in `[bounds[j], bounds[j + 1])`, the last one up to `top`. */
export interface Table {
  /** `⌊2^14·Σ_{i<j} e_i / Σ e_i⌋` by shard; all 0 when no shard has weight. */
  readonly bounds: readonly bigint[]
  /** 2^14, or 0 when no shard has weight: then no draw has a cell. */
  readonly top: bigint
}

/** Scales effective weights to a table of 2^14 draws (protocol, section 3). */
export function scaleTable(effectiveWeights: readonly bigint[]): Table {
  const sum = effectiveWeights.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return { bounds: effectiveWeights.map(() => 0n), top: 0n }
  let below = 0n
  const bounds = effectiveWeights.map((weight) => {
    const bound = (SCALE * below) / sum
    below += weight
    return bound
  })
  return { bounds, top: SCALE }
}

/** The shard whose cell holds `draw` (0 … 2^14 − 1); `undefined` when the table is empty. */
export function cellOf({ bounds, top }: Table, draw: bigint): number | undefined {
  for (let shard = bounds.length - 1, end = top; shard >= 0; shard--) {
    const start = bounds[shard] ?? 0n
    if (start <= draw && draw < end) return shard
    end = start
  }
  return undefined
}
