/**
 * The bundle of an accepted batch, as `GET /v1/batches/{index}/bundle` gives it and as an auditor accepts it: strict, and in one spelling only, so that no
 * two texts mean the same bundle. Every field is bound by a hash, a proof or a signature (`docs/guides/audit.md` says which). Written apart from the HTTP layer's
 * schema on purpose: the auditor shares no code with the service.
 */
import { z } from 'zod'
import { FieldElement, Uint } from '../base/schema.ts'
import { circuitShape } from './circuit-name.ts'
import { Account, Hash, Signature, Small } from './scalars.ts'

const BundleStatement = z.strictObject({
  keyCommit: FieldElement,
  seed: FieldElement,
  batchIndex: Uint(64),
  orderCounter: Uint(64),
  time: Uint(64),
  elapsed: Uint(40),
  stateBefore: FieldElement,
  stateAfter: FieldElement,
  feeWord: Uint(38),
  fees: z.array(Uint(15)),
  open: z.array(z.boolean()),
  served: z.array(Uint(40)),
  policyWords: z.array(FieldElement),
  commitments: z.array(FieldElement),
  assignments: z.array(z.int().min(0).max(255)),
})

const BundleProof = z.strictObject({
  words: z.array(Uint(256)).length(8),
  digest: FieldElement,
  alpha: FieldElement,
  y: FieldElement,
  beneficiary: Account,
  verifierId: Hash,
})

/** A bundle of an accepted batch, complete. */
export const Bundle = z.strictObject({
  epoch: Uint(64),
  index: Uint(64),
  time: Uint(64),
  count: Small,
  deferred: Small,
  /** Names kind, shards and slots, and nothing else. */
  circuit: z.string().refine((name) => circuitShape(name) !== undefined, 'expected the name of a circuit'),
  chainId: Uint(256),
  ledger: Account,
  statement: BundleStatement,
  statementHash: Hash,
  orderRoot: Hash,
  head: Hash,
  terms: Hash,
  record: Hash,
  /** Who signed, as the bundle says; the epoch's signer, says an anchor. */
  signer: Account,
  signature: Signature,
  proof: BundleProof,
})
export type Bundle = z.infer<typeof Bundle>

/** What the service says of a batch, with a state that changes: nothing that an auditor could hold to anything. */
export const BatchView = z.looseObject({ index: Uint(64), state: z.string() })

/** Enough of whatever to tell which batch it would be of. */
export const Indexed = z.looseObject({ index: Uint(64) })

/** The only version there is of a file of many bundles. */
export const BUNDLES_FORMAT = 'fairlead-bundles/1'

/** Many bundles in one file, in the order of their batches; each is parsed by itself. */
export const BundleList = z.strictObject({ format: z.literal(BUNDLES_FORMAT), bundles: z.array(z.unknown()).min(1) })
