import type { PublishedPolicy } from '../../src/policy/policy.ts'
import type { EpochView } from '../wire/views.ts'

/** The policy of each epoch, for whoever counts batches of several. */
export function policyLookup(epochs: readonly EpochView[]): (epoch: bigint) => PublishedPolicy | undefined {
  const policies = new Map(epochs.map(({ epoch, policy }) => [epoch, policy]))
  return (epoch) => policies.get(epoch)
}
