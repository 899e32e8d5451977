import { POLICY_KINDS, type PolicyKindName, policyKind } from '../policy/policy.ts'
import type { Shape } from '../statement/statement.ts'
import { Shards, Slots } from './scalars.ts'

/** What a circuit proves: a kind of policy, for so many shards and slots. */
export interface CircuitShape extends Shape {
  readonly kind: PolicyKindName
}

const FORM = new RegExp(`^(${POLICY_KINDS.join('|')})-([1-9][0-9]?)-([1-9][0-9]{0,4})$`)

/** The name of a circuit, which its shape alone makes: `two-choice-4-8`. */
export const circuitName = ({ kind, shards, slots }: CircuitShape): string => `${kind}-${shards}-${slots}`

/** Reads a name back; `undefined` for what names no circuit. */
export function circuitShape(name: string): CircuitShape | undefined {
  const [, kindName, shards, slots] = FORM.exec(name) ?? []
  const kind = policyKind(kindName)
  const size = { shards: Number(shards), slots: Number(slots) }
  return kind && Shards.safeParse(size.shards).success && Slots.safeParse(size.slots).success
    ? { kind, ...size }
    : undefined
}
