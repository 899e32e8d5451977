import { expect } from 'chai'
import { SigningKey } from 'ethers'
import { domainSeparator } from '../../../src/order/domain.ts'
import { receiptDigest } from '../../../src/order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../../../src/order/sealed-assignment.ts'
import type { HeldReceipt } from './trader.ts'
import { type Evidence, FAULTS, type Fault, judge } from './verdict.ts'

/** Bends true evidence in every way that the judge looks for, with the operator's own key where it takes one. @returns the faults that were caught. */
export function sabotage(evidence: Evidence, signerKey: string): string[] {
  const { domain, receipts, batches, sent, known } = evidence
  const separator = domainSeparator(domain)
  const first = receipts.find(({ assignment }) => assignment > 0)
  const other = receipts.find(({ commitment }) => commitment !== first?.commitment)
  const home = first && batches.get(first.batch)
  if (!first || !other || !home) throw new Error('there is too little to bend')
  const resigned = (change: Partial<HeldReceipt>): HeldReceipt => {
    const { signature: _, ...fields } = { ...first, ...change }
    return { ...fields, signature: new SigningKey(signerKey).sign(receiptDigest(separator, fields)).serialized }
  }
  const withReceipt = (receipt: HeldReceipt): Evidence => ({ ...evidence, receipts: [...receipts, receipt] })
  const withBatch = (change: Partial<typeof home>): Evidence => ({
    ...evidence,
    batches: new Map(batches).set(home.index, { ...home, ...change }),
  })
  const without = <K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> => new Map([...map].filter(([k]) => k !== key))
  // A sealed receipt leaves the shard to the draw: what bends it is its place.
  const sealed = first.assignment === SEALED_ASSIGNMENT
  const twice = {
    commitments: [...home.commitments, first.commitment, first.commitment],
    assignments: [...home.assignments, 1, 1],
  }
  const bent: Record<Fault['fault'], Evidence> = {
    unsigned: withReceipt({ ...first, time: first.time + 1n }),
    doubled: withReceipt(resigned({ commitment: other.commitment })),
    'accepted-twice': sealed ? withBatch(twice) : withReceipt(resigned({ slot: first.slot ^ 1 })),
    lost: { ...evidence, batches: without(batches, home.index) },
    contradicted: withBatch(
      sealed ? { time: first.time + 1n } : { assignments: home.assignments.map((byte) => (byte % 4) + 1) },
    ),
    forgotten: { ...evidence, known: without(known, first.commitment) },
    unaccounted: { ...evidence, sent: new Map(sent).set(1n, 'BACK_PRESSURE') },
    unreceipted: { ...evidence, receipts: receipts.filter(({ commitment }) => commitment !== first.commitment) },
    foreign: withBatch({ commitments: [...home.commitments, 1n], assignments: [...home.assignments, 0] }),
  }
  const names = Object.keys(FAULTS) as Fault['fault'][]
  const missed = names.filter((name) => !judge(bent[name]).some(({ fault }) => fault === name))
  expect(missed).to.deep.equal([])
  return names
}
