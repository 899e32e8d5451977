import type { PolicyKind } from './kind.ts'
import type { PolicyKindName } from './policy.ts'
import { roundRobin } from './round-robin.ts'
import { twoChoice } from './two-choice.ts'

/** The table of kinds: one row a kind. */
export const KINDS: Readonly<Record<PolicyKindName, PolicyKind>> = {
  'two-choice': twoChoice,
  'round-robin': roundRobin,
}
