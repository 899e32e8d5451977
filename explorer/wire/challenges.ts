import type { AroundLedger } from '../../src/chain/around-ledger.ts'
import type { BondState } from '../../src/chain/bond-state.ts'
import type { ChallengeEvent } from '../../src/chain/challenge-history.ts'

/** What stands around a ledger, and what it told. Passes through structured clone. */
export interface ChallengesView {
  readonly around: Partial<AroundLedger>
  readonly bond: BondState | undefined
  /** Newest first. */
  readonly events: readonly ChallengeEvent[]
}
