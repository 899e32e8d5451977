import { percent } from '../data/text.ts'

interface Shares {
  /** Of 1, as all here. */
  readonly share: number
  readonly weights: readonly [number, number]
}

/** What a full bar stands for: a little more than the largest of the shards'. */
export const fullBar = (shards: readonly Shares[]): number =>
  1.1 * Math.max(0.01, ...shards.flatMap(({ share, weights }) => [share, ...weights]))

/**
 * A share as a bar, with a mark for each segment's weight. The numbers stand beside it, so that screen readers leave it out.
 * @param top what a full bar stands for, the same for all that are compared.
 */
export function ShareBar({ share, weights, top }: Shares & { readonly top: number }) {
  const at = (value: number): string => `${(100 * value) / top}`
  return (
    <svg class="share" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <title>{percent(share)}</title>
      <rect class="bar" x="0" y="3" width={at(share)} height="6" />
      {weights.map((weight, segment) => (
        <line
          key={SEGMENT_KEYS[segment]}
          class={SEGMENT_KEYS[segment]}
          x1={at(weight)}
          x2={at(weight)}
          y1="0"
          y2="12"
        />
      ))}
    </svg>
  )
}

const SEGMENT_KEYS = ['retail', 'institutional'] as const
