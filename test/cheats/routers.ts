/**
 * Routers that cheat, one for each class of violation: each runs a ledger of its own, end to end, as a dishonest operator would, signing and hashing everything anew so that
 * nothing but the violation is wrong. What a contract would refuse on the way, these ledgers let pass: the auditor trusts no contract either.
 */
import type { BatchRecord, LedgerRecords, SignedReceipt } from '../../src/audit/records.ts'
import { forcedFixture, waiting } from '../audit/forced-fixture.ts'
import { type Meddle, makeLedger, receiptOf } from './ledger.ts'

export interface Cheat {
  /** What it does, as the threat model calls it. */
  readonly name: string
  readonly records: LedgerRecords
  readonly receipts?: readonly SignedReceipt[]
  /** Seconds since the Unix epoch at which the auditor looks. */
  readonly timeS?: bigint
  /** The code by which the auditor must name it. */
  readonly code: string
}

const ledger = (meddle: Meddle = {}) => makeLedger(meddle)
const lastOf = ({ batches }: { batches: readonly BatchRecord[] }): BatchRecord => {
  const batch = batches.at(-1)
  if (!batch) throw new Error('the ledger has batches')
  return batch
}

/** Every cheat there is. */
export function cheats(): Cheat[] {
  const honest = ledger()
  const last = lastOf(honest)
  const inTime = last.submission.time / 1_000_000n
  return [
    {
      name: 're-roll by a duplicate: an order is accepted twice',
      records: ledger({ repeat: 'accepted' }),
      code: 'accepted-once',
    },
    {
      name: 're-roll by a duplicate: an order is twice in a batch',
      records: ledger({ repeat: 'same batch' }),
      code: 'commitment-unique',
    },
    {
      name: 'an assignment of its own choosing, with the proof of another',
      records: ledger({ assignment: 'other' }),
      code: 'proof',
    },
    {
      name: 'a state that does not follow, with the proof of another',
      records: ledger({ stateAfter: 5n }),
      code: 'proof',
    },
    {
      name: 'a batch that does not continue the last state',
      records: ledger({ stateBefore: 5n }),
      code: 'previous-head',
    },
    { name: 'a batch at a time before the last', records: ledger({ time: 'back' }), code: 'batch-time' },
    { name: 'a batch from the future', records: ledger({ time: 'ahead' }), code: 'batch-time' },
    { name: 'a batch left out', records: ledger({ leaveOut: 1 }), code: 'batch-index' },
    { name: 'the last batch kept back from the auditor', records: ledger({ leaveOut: 4 }), code: 'ledger-head' },
    { name: 'a fee above the policy', records: ledger({ fee: 30_001n }), code: 'fee-range' },
    {
      name: 'an assignment to a shard that does not exist',
      records: ledger({ assignment: 'none' }),
      code: 'assignment-range',
    },
    { name: 'served work counted back', records: ledger({ counter: 'back' }), code: 'served-counters' },
    {
      name: 'served work of a shard that does not report',
      records: ledger({ counter: 'silent' }),
      code: 'served-counters',
    },
    {
      name: 'a batch of somebody else, not signed by the router',
      records: ledger({ signer: 'another' }),
      code: 'batch-signature',
    },
    { name: 'a batch under the policy of another epoch', records: ledger({ epoch: 'other' }), code: 'batch-epoch' },
    { name: 'a seed of its own choosing', records: ledger({ seed: 77n }), code: 'epoch-seed' },
    {
      name: 'a seed from a block that the chain does not have',
      records: ledger({ blockHash: 'other' }),
      code: 'epoch-seed',
    },
    {
      name: 'a verifying key under which anything can be proven',
      records: ledger({ key: 'gamma = delta' }),
      code: 'verifier-key',
    },
    { name: 'a verifier that the epoch does not have', records: ledger({ verifier: 3 }), code: 'batch-verifier' },
    { name: 'a policy switch without the delay', records: ledger({ policy: 'no delay' }), code: 'policy-timelock' },
    { name: 'a cancelled policy made active', records: ledger({ policy: 'cancelled' }), code: 'policy-timelock' },
    { name: 'a retune outside the guard rails', records: ledger({ policy: 'leap' }), code: 'policy-guard-rails' },
    { name: 'retunes one after another', records: ledger({ policy: 'hasty' }), code: 'policy-guard-rails' },
    {
      name: 'an epoch under a policy that is not in force',
      records: ledger({ policy: 'not in force' }),
      code: 'policy-in-force',
    },
    {
      name: 'an epoch under other weights than its policy, multiplied, gives it',
      records: ledger({ reputation: 'other words' }),
      code: 'policy-words',
    },
    {
      name: 'an epoch that spares a shard what reputation concluded',
      records: ledger({ reputation: 'spared' }),
      code: 'epoch-multipliers',
    },
    {
      name: 'a multiplier that falls too far at once',
      records: ledger({ reputation: 'leap' }),
      code: 'reputation-steps',
    },
    { name: 'another reward account than the proof names', records: ledger({ beneficiary: 'another' }), code: 'proof' },
    { name: 'a proof of another batch', records: ledger({ proof: 'replayed' }), code: 'proof' },
    {
      name: 'a receipt that the batch contradicts',
      records: honest,
      receipts: [receiptOf(honest.batches[0], 0, { assignment: 4 })],
      timeS: inTime,
      code: 'receipt-kept',
    },
    {
      name: 'two receipts for one slot',
      records: honest,
      receipts: [receiptOf(last, 0, { batch: 9n }), receiptOf(last, 0, { batch: 9n, commitment: 5n })],
      timeS: inTime,
      code: 'receipt-once',
    },
    {
      name: 'a receipt that is never served',
      records: honest,
      receipts: [receiptOf(last, 0, { batch: 9n })],
      timeS: inTime + 601n,
      code: 'receipt-overdue',
    },
    {
      name: 'a forced order that is not taken',
      records: { ...honest, forced: forcedFixture(honest.batches, (events) => ({ ...waiting(events), uptime: 713n })) },
      code: 'forced-taken',
    },
    {
      name: 'a forced order discharged with a batch that does not hold it',
      records: {
        ...honest,
        forced: forcedFixture(honest.batches, (events) => ({
          events: events.map((event) => (event.kind === 'discharged' ? { ...event, slot: 1 } : event)),
        })),
      },
      code: 'forced-discharge',
    },
    {
      name: 'a sealed batch that is not what was sealed',
      records: ledger({ seal: 'another' }),
      code: 'batch-seal',
    },
    {
      name: 'an order held back: admitted before its batch',
      records: honest,
      receipts: [receiptOf(last, 0, { time: last.submission.time - 1n })],
      timeS: inTime,
      code: 'receipt-kept',
    },
  ]
}
