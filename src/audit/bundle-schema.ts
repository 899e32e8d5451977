/**
 * The public bundle of a batch, as `GET /v1/batches/{index}` gives it and as an auditor accepts it: strict, and in one spelling only, so that no two texts
 * mean the same bundle. Written apart from the HTTP layer's schema on purpose: the auditor shares no code with the service.
 */
import { getAddress, isAddress } from 'ethers'
import { z } from 'zod'
import { FieldElement, Uint } from '../base/schema.ts'

/** States of a batch that the chain has accepted. */
export const ACCEPTED_STATES = ['accepted', 'final'] as const
const EARLIER_STATES = ['open', 'closed', 'proven', 'sent', 'quarantined', 'abandoned'] as const

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in lower-case hex`)
const Hash = hex(32)
/** r, s and v of 27 or 28; libraries take other spellings of v for the same signature. */
const Signature = z.string().regex(/^0x[0-9a-f]{128}1[bc]$/, 'expected r, s and v, 65 bytes in lower-case hex')
const Account = z
  .string()
  .refine((text) => isAddress(text) && getAddress(text) === text, 'expected an address in checksum case')
const Small = z
  .int()
  .min(0)
  .max(2 ** 16 - 1)

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
  state: z.enum(ACCEPTED_STATES),
  time: Uint(64),
  count: Small,
  deferred: Small,
  circuit: z.string(),
  chainId: Uint(256),
  ledger: Account,
  statement: BundleStatement,
  statementHash: Hash,
  orderRoot: Hash,
  head: Hash,
  terms: Hash,
  record: Hash,
  /** Who signed, as the service says; without a chain to ask, the signature is checked against it. */
  signer: Account,
  signature: Signature,
  proof: BundleProof,
})
export type Bundle = z.infer<typeof Bundle>

/** Enough of a bundle to tell that its batch has not been accepted yet. */
export const EarlierBundle = z.looseObject({ index: Uint(64), state: z.enum(EARLIER_STATES) })
