import { readAnchor } from '../../audit/anchor.ts'
import type { Anchor } from '../../audit/anchor-schema.ts'
import { auditBundle, type BundleContext } from '../../audit/bundle.ts'
import { Indexed } from '../../audit/bundle-schema.ts'
import { AuditError, type Check } from '../../audit/check.ts'
import { parseJson } from '../../audit/json-text.ts'
import type { ProofCheck } from '../../audit/proof-check.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import { readText } from '../shared/files.ts'
import { readAnchorFromChain } from './make-anchor.ts'
import { catchInvalidRecords } from './read.ts'

/** Parsed JSON of a bundle; `undefined`, which no bundle is, for a file of another form. @throws CliError FILE_UNREADABLE. */
export const readBundle = async (file: string): Promise<unknown> => parseJson(await readText(file))

/** @throws CliError FILE_UNREADABLE; AuditError ANCHOR_INVALID. */
export const readAnchorFile = async (file: string): Promise<Anchor> => readAnchor(await readText(file))

/** Checks of a bundle against the chain as it is now: an anchor of its one batch is made, and thrown away. */
export function auditBundleOnChain(
  bundle: unknown,
  reader: LedgerReader,
  verifyProofs?: ProofCheck,
): AsyncIterable<Check> {
  return catchInvalidRecords(async function* () {
    yield* auditBundle(bundle, await contextNow(bundle, reader), verifyProofs)
  })
}

async function contextNow(bundle: unknown, reader: LedgerReader): Promise<BundleContext> {
  // What has no index fails by its form, whatever the chain says.
  const index = Indexed.safeParse(bundle).data?.index
  if (index === undefined) return {}
  try {
    return { anchor: await readAnchorFromChain(reader, { first: index, last: index }) }
  } catch (error) {
    if (error instanceof AuditError && error.code === 'BATCH_NOT_ACCEPTED') return { anchor: 'not accepted' }
    throw error
  }
}
