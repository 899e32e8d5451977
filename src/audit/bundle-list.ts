import { min } from '../base/integers.ts'
import { jsonText } from '../base/json.ts'
import { checkAnchor } from './anchor-checks.ts'
import type { Anchor } from './anchor-schema.ts'
import { auditOneBundle, type BundleContext } from './bundle.ts'
import { BUNDLES_FORMAT, type Bundle, BundleList } from './bundle-schema.ts'
import { type Check, equal, holds } from './check.ts'
import { epochAt } from './epoch-at.ts'
import { type ProofCheck, verifyWords } from './proof-check.ts'
import { MAX_ELAPSED } from './rebuild.ts'
import { type ClaimOfBatch, proofs } from './steps/proofs.ts'

/** The one text of a list of bundles. @param bundles as `makeBundle` makes them, in the order of the batches. */
export const writeBundles = (bundles: readonly unknown[]): string =>
  `{"format":${JSON.stringify(BUNDLES_FORMAT)},"bundles":[\n${bundles.map((bundle) => jsonText(bundle)).join(',\n')}\n]}\n`

/** The bundles of a file: one, or a list. */
export function bundlesOf(input: unknown): readonly unknown[] {
  return BundleList.safeParse(input).data?.bundles ?? [input]
}

/**
 * Checks many bundles: each in itself and against the anchor, and that those of neighbouring batches continue each other and accept no order twice.
 * @param inputs parsed JSON, of any shape. @param proofsAtATime verified together.
 * @throws AuditError BUNDLE_INCOMPLETE.
 */
export async function* auditBundles(
  inputs: readonly unknown[],
  context: BundleContext = {},
  { verifyProofs = verifyWords, proofsAtATime = 256 }: { verifyProofs?: ProofCheck; proofsAtATime?: number } = {},
): AsyncGenerator<Check> {
  if (isAnchor(context.anchor)) yield* checkAnchor(context.anchor)
  const claims: ClaimOfBatch[] = []
  const accepted = new Map<bigint, bigint>()
  let before: Bundle | undefined
  for (const input of inputs) {
    const found = yield* auditOneBundle(input, context)
    if (!found) continue
    if (found.claim) claims.push(found.claim)
    if (inputs.length > 1)
      yield* follow(found.bundle, before, accepted, isAnchor(context.anchor) ? context.anchor : undefined)
    before = found.bundle
    if (claims.length >= proofsAtATime) yield* await proofs.verify(claims.splice(0), verifyProofs)
  }
  yield* await proofs.verify(claims, verifyProofs)
}

const isAnchor = (anchor: BundleContext['anchor']): anchor is Anchor => typeof anchor === 'object'

/** What one bundle says of those before it in the list. */
function* follow(
  bundle: Bundle,
  before: Bundle | undefined,
  accepted: Map<bigint, bigint>,
  anchor: Anchor | undefined,
): Generator<Check> {
  const { statement, index } = bundle
  const place = { batch: index }
  if (before) yield holds('batch-index', place, index > before.index, `above ${before.index}`, index)
  if (before && index === before.index + 1n) {
    const counter = before.statement.orderCounter + BigInt(before.count)
    const epoch = anchor && epochAt(anchor.epochs, index)
    // After a reset the state is compared with the anchor's own, and not with what was given up.
    if (!(epoch?.fromReset === true && epoch.firstBatch === index))
      yield equal('previous-head', { ...place, at: 'state' }, before.statement.stateAfter, statement.stateBefore)
    yield equal('previous-head', { ...place, at: 'orderCounter' }, counter, statement.orderCounter)
    const elapsed = min(statement.time - before.time, MAX_ELAPSED)
    yield equal('previous-head', { ...place, at: 'time' }, elapsed, statement.elapsed)
  }
  const again = statement.commitments.findIndex((c, slot) => statement.assignments[slot] !== 0 && accepted.has(c))
  const where = accepted.get(statement.commitments[again] ?? 0n)
  yield holds('accepted-once', place, again < 0, 'not accepted before', `slot ${again} was accepted in batch ${where}`)
  for (const [slot, commitment] of statement.commitments.entries())
    if (statement.assignments[slot] !== 0) accepted.set(commitment, index)
}
