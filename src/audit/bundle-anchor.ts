import { bind, publicSignals } from '../statement/binding.ts'
import { sealSeed } from '../statement/record.ts'
import { recordAt } from './anchor-checks.ts'
import type { Anchor, AnchorEpoch } from './anchor-schema.ts'
import type { Bundle } from './bundle-schema.ts'
import { type Check, equal, holds, type Place, unchecked } from './check.ts'
import { circuitName } from './circuit-name.ts'
import { epochAt } from './epoch-at.ts'
import { epochWords } from './epoch-words.ts'
import { resetState } from './rebuild.ts'
import type { ClaimOfBatch } from './steps/proofs.ts'

/**
 * A bundle against what the chain said: its epoch, its record, and the claim of its proof under the epoch's key.
 * @param statement V and D, or `undefined` when the bundle has none; what rests on it has failed already.
 * @returns the checks; the generator's result is the proof that is still to be verified.
 */
export function* compareBundle(
  bundle: Bundle,
  statement: { readonly words: readonly bigint[]; readonly digest: bigint | undefined } | undefined,
  anchor: Anchor,
): Generator<Check, ClaimOfBatch | undefined> {
  const place = { batch: bundle.index }
  yield equal('bundle-chain', { ...place, at: 'chainId' }, anchor.chainId, bundle.chainId)
  yield equal('bundle-chain', { ...place, at: 'ledger' }, anchor.ledger, bundle.ledger)
  const record = recordAt(anchor, bundle.index)
  const epoch = epochAt(anchor.epochs, bundle.index)
  if (record === undefined || !epoch) {
    yield unknownBatch(place, anchor)
    return undefined
  }
  yield equal('bundle-chain', { ...place, at: 'record' }, record, bundle.record)
  yield* compareEpoch(bundle, epoch, seedOf(anchor, epoch, bundle.index), place)
  yield* compareStart(bundle, anchor, epoch, place)
  const { verifierId, beneficiary, words: proof } = bundle.proof
  const verifier = epoch.verifiers.find((known) => known.verifierId === verifierId)
  const known = epoch.verifiers.map((each) => each.verifierId).join(' or ')
  yield holds('bundle-circuit', { ...place, at: 'verifierId' }, verifier !== undefined, known, verifierId)
  if (!verifier) return undefined
  yield equal('bundle-circuit', { ...place, at: 'name' }, circuitName(verifier), bundle.circuit)
  if (!statement) return undefined
  const { words, digest } = statement
  const { chainId, ledger } = anchor
  const signals = publicSignals(bind({ chainId, ledger, beneficiary, verifierId }, words, digest))
  return { batch: bundle.index, keyWords: verifier.keyWords, signals, proof }
}

/** The anchor ends before the batch, or begins after it: nothing is wrong with that. */
function unknownBatch(place: Place, { accepted, block, firstBatch, records }: Anchor): Check {
  const isLater = (place.batch ?? 0n) >= accepted
  const last = firstBatch + BigInt(records.length) - 1n
  const why = isLater
    ? `the anchor is of block ${block.number}, when the ledger had accepted ${accepted} batches`
    : `the anchor holds batches ${firstBatch} to ${last} only`
  return unchecked('bundle-chain', { ...place, at: 'acceptance' }, why)
}

/** What the ledger puts into V itself, and who signs. */
function* compareEpoch(bundle: Bundle, epoch: AnchorEpoch, seed: bigint, place: Place): Generator<Check> {
  const { statement } = bundle
  yield equal('bundle-epoch', { ...place, at: 'epoch' }, epoch.epoch, bundle.epoch)
  yield equal('bundle-epoch', { ...place, at: 'signer' }, epoch.signer, bundle.signer)
  yield equal('bundle-epoch', { ...place, at: 'keyCommit' }, epoch.keyCommit, statement.keyCommit)
  yield equal('bundle-epoch', { ...place, at: 'seed' }, seed, statement.seed)
  yield equal('bundle-epoch', { ...place, at: 'feeWord' }, epoch.policy.feeWord, statement.feeWord)
  yield equal('bundle-epoch', { ...place, at: 'policyWords' }, `${epochWords(epoch)}`, `${statement.policyWords}`)
}

/** The epoch's seed or, in sealed mode, the batch's own. */
function seedOf(anchor: Anchor, { epoch, seed, sealedMode }: AnchorEpoch, index: bigint): bigint {
  if (!sealedMode) return seed
  const found = anchor.seals.find((seal) => seal.index === index)
  // The schema holds the anchor to a seal of each.
  return found ? sealSeed(anchor, epoch, index, found.blockHash) : 0n
}

/** The first batch begins where the ledger does, and the first one after a reset in the reset state. */
function* compareStart(
  { index, statement }: Bundle,
  { genesisState, shards }: Anchor,
  { firstBatch, fromReset }: AnchorEpoch,
  place: Place,
): Generator<Check> {
  if (fromReset && index === firstBatch)
    yield equal('previous-head', { ...place, at: 'state' }, resetState(shards), statement.stateBefore)
  if (index !== 0n) return
  if (!fromReset) yield equal('previous-head', { ...place, at: 'state' }, genesisState, statement.stateBefore)
  yield equal('previous-head', { ...place, at: 'orderCounter' }, 0n, statement.orderCounter)
}
