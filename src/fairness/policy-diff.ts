import type { Policy } from '../policy/policy.ts'

/** One number of a policy that a proposal changes. */
export interface PolicyChange {
  /** Where it stands: `shards.3.weights.0`. */
  readonly at: string
  readonly now: string
  readonly proposed: string
  /** Whether an operator could change it without the timelock, as far as guard rails go: weights alone. */
  readonly retune: boolean
}

/** What differs between two policies, in their order. */
export function policyDifference(now: Policy, proposed: Policy): PolicyChange[] {
  const [left, right] = [flat(now), flat(proposed)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((at) => {
    const [before, after] = [left.get(at) ?? 'none', right.get(at) ?? 'none']
    return before === after ? [] : [{ at, now: before, proposed: after, retune: at.includes('.weights.') }]
  })
}

function flat({ kind, feeMin, feeMax, shards }: Policy): Map<string, string> {
  const values = new Map<string, string>()
  const put = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) put(item, `${path}.${i}`)
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) put(item, path === '' ? key : `${path}.${key}`)
    else values.set(path, String(value))
  }
  put({ kind, feeMin, feeMax, shards }, '')
  return values
}
