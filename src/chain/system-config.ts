import { parseEther } from 'ethers'
import { z } from 'zod'
import { Address, Count } from '../base/schema.ts'

/** An amount in ether, as decimal text with at most 18 places; wei inside. */
const Ether = z
  .string()
  .regex(/^[0-9]{1,9}(\.[0-9]{1,18})?$/, 'expected an amount in ether, such as "0.05"')
  .transform(parseEther)
const ether = (text: string) => Ether.prefault(text)
const seconds = (value: number) =>
  Count.min(1)
    .max(2 ** 32)
    .default(value)
const DAY_S = 86_400

/** Classes of faults, in the order of `Fault` in contracts/types/Fault.sol. */
export const FAULTS = [
  'contradiction',
  'equivocation',
  'duplicate',
  'overdue',
  'unreported',
  'reportIgnored',
  'forcedIgnored',
  'abandoned',
  'seedMissed',
  'sealedWithheld',
] as const
export type FaultClass = (typeof FAULTS)[number]

const Amounts = z.strictObject({
  contradiction: ether('4'),
  equivocation: ether('4'),
  duplicate: ether('4'),
  overdue: ether('1'),
  unreported: ether('4'),
  reportIgnored: ether('1'),
  forcedIgnored: ether('2'),
  abandoned: ether('4'),
  seedMissed: ether('4'),
  sealedWithheld: ether('4'),
})

/** Everything that a ledger and what stands around it is deployed with; all of it is fixed for good but for who holds a role. */
export const SystemConfig = z
  .strictObject({
    rpcUrl: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
    /** Circuits by name, one a size of batch; all for the same number of shards. */
    circuits: z.array(z.string()).min(1).max(8),
    /** Announces epochs and owns the stake; first holder of every role. An account or a multisig. Default: the deployer. */
    operator: Address.optional(),
    policyDelayS: Count.default(2 * DAY_S),
    ledger: z
      .strictObject({
        /** Seconds from a batch's time to its acceptance. */
        deadlineS: seconds(600),
        finalityDepth: Count.default(64),
        minIntervalUs: Count.min(1).default(100_000),
        seedDelay: Count.min(1).default(4),
      })
      .prefault({}),
    bond: z
      .strictObject({
        withdrawalDelayS: seconds(14 * DAY_S),
        minimum: ether('32'),
        amounts: Amounts.prefault({}),
      })
      .prefault({}),
    challenges: z
      .strictObject({ answerTimeS: seconds(3600), answerBlocks: Count.default(100), challengeBond: ether('0.02') })
      .prefault({}),
    inbox: z
      .strictObject({ fee: ether('0.002'), deadlineS: seconds(600), groupSize: Count.min(1).max(32).default(8) })
      .prefault({}),
    segmentDelayS: Count.default(DAY_S),
    redemption: z
      .strictObject({ perReceipt: ether('0.02'), cap: ether('10'), claimWindowS: seconds(7 * DAY_S) })
      .prefault({}),
    /** Fees of settled assignments: wei a unit, who gets the congestion surplus (default: the operator), and what moves a shard's multiplier. */
    reputation: z
      .strictObject({
        unit: ether('0.0000001'),
        insurance: Address.optional(),
        samples: Count.min(1).max(64).default(32),
        evidence: Count.min(1).default(2),
      })
      .prefault({}),
  })
  .superRefine(({ bond, challenges, redemption, ledger }, context) => {
    const windows = ledger.deadlineS + 2 * challenges.answerTimeS + redemption.claimWindowS
    const say = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path })
    if (bond.withdrawalDelayS <= windows) {
      say(`must be longer than deadline, two answers and the claims together, ${windows} s`, 'bond', 'withdrawalDelayS')
    }
    const dearest = FAULTS.filter((fault) => bond.amounts[fault] > bond.minimum)
    for (const fault of dearest) say('must not be more than bond.minimum', 'bond', 'amounts', fault)
    // Or giving up the epoch would be the cheap way out of the others.
    for (const fault of ['overdue', 'forcedIgnored', 'sealedWithheld'] as const) {
      if (bond.amounts[fault] > bond.amounts.abandoned)
        say('must not be more than bond.amounts.abandoned', 'bond', 'amounts', fault)
    }
  })
export type SystemConfig = z.infer<typeof SystemConfig>
