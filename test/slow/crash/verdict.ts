/** The judge of a crash test: pure, and of nothing that the service is made of but the protocol's words. */
import { domainSeparator, type SigningDomain, signerOf } from '../../../src/order/domain.ts'
import { type AcceptedBatch, contradiction, receiptDigest } from '../../../src/order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../../../src/order/sealed-assignment.ts'
import type { HeldReceipt } from './trader.ts'

/** What the client held, what the chain says, and what the service says at the end. */
export interface Evidence {
  readonly domain: SigningDomain
  /** Of each epoch, from the chain. */
  readonly signers: ReadonlyMap<bigint, string>
  /** Every order that was sent, with the answer that it ended with. */
  readonly sent: ReadonlyMap<bigint, string | undefined>
  readonly receipts: readonly HeldReceipt[]
  /** Accepted batches, rebuilt from calldata. */
  readonly batches: ReadonlyMap<bigint, AcceptedBatch>
  /** Receipts that the service still gives, by commitment. */
  readonly known: ReadonlyMap<bigint, readonly HeldReceipt[]>
}

export const FAULTS = {
  unsigned: "a receipt is not signed by its epoch's signer",
  doubled: 'two receipts name one slot and differ',
  'accepted-twice': 'one commitment has two receipts that accept it, or two accepted slots on chain',
  lost: 'a receipt names a batch that the chain does not have',
  contradicted: 'the accepted batch says otherwise than a receipt',
  forgotten: 'the service does not give a receipt any more, or gives it differently',
  unaccounted: 'an order ended without an answer',
  unreceipted: 'the chain has an accepted order whose sender holds no receipt for it',
  foreign: 'the chain has an order that nobody sent',
} as const
export interface Fault {
  readonly fault: keyof typeof FAULTS
  readonly about: string
}

/** Answers that account for an order without a receipt. */
const REFUSALS = ['ORDER_TOO_LARGE']

/** @returns every fault that is found; none: no receipt is lost, doubled or contradicted, and all orders are accounted for. */
export function judge(evidence: Evidence): Fault[] {
  return [...receiptFaults(evidence), ...orderFaults(evidence), ...chainFaults(evidence)]
}

function* receiptFaults({ domain, signers, receipts, batches, known }: Evidence): Generator<Fault> {
  const separator = domainSeparator(domain)
  const slots = new Map<string, string>()
  const accepted = new Map<bigint, string>()
  for (const receipt of receipts) {
    const { signature, ...fields } = receipt
    const about = textOf(receipt)
    if (signerOf(receiptDigest(separator, fields), signature) !== signers.get(receipt.epoch))
      yield { fault: 'unsigned', about }
    const place = `${receipt.epoch}/${receipt.batch}/${receipt.slot}`
    if ((slots.get(place) ?? about) !== about) yield { fault: 'doubled', about }
    slots.set(place, about)
    // A sealed receipt promises a place: the chain tells whether it was accepted.
    if (receipt.assignment > 0 && receipt.assignment !== SEALED_ASSIGNMENT) {
      if ((accepted.get(receipt.commitment) ?? about) !== about) yield { fault: 'accepted-twice', about }
      accepted.set(receipt.commitment, about)
    }
    const batch = batches.get(receipt.batch)
    if (!batch) yield { fault: 'lost', about }
    else if (contradiction(receipt, batch))
      yield { fault: 'contradicted', about: `${contradiction(receipt, batch)}: ${about}` }
    if (!known.get(receipt.commitment)?.some((given) => textOf(given) === about)) yield { fault: 'forgotten', about }
  }
}

function* orderFaults({ sent, receipts }: Evidence): Generator<Fault> {
  const held = new Set(receipts.map(({ commitment }) => commitment))
  for (const [commitment, outcome] of sent)
    if (!held.has(commitment) && !REFUSALS.includes(outcome ?? ''))
      yield { fault: 'unaccounted', about: `${commitment}: ${outcome}` }
}

function* chainFaults({ sent, receipts, batches }: Evidence): Generator<Fault> {
  const held = new Set(receipts.map(({ batch, slot }) => `${batch}/${slot}`))
  const accepted = new Set<bigint>()
  for (const { index, commitments, assignments } of batches.values())
    for (const [slot, commitment] of commitments.entries()) {
      const about = `${index}/${slot}: ${commitment}`
      if (!sent.has(commitment)) yield { fault: 'foreign', about }
      // A deferral whose answer was cut off binds nobody: its order was sent again.
      if (assignments[slot] === 0) continue
      if (!held.has(`${index}/${slot}`)) yield { fault: 'unreceipted', about }
      if (accepted.has(commitment)) yield { fault: 'accepted-twice', about }
      accepted.add(commitment)
    }
}

const textOf = ({ epoch, batch, slot, commitment, assignment, time, signature }: HeldReceipt): string =>
  [epoch, batch, slot, commitment, assignment, time, signature].join(' ')
