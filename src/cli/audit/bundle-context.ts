import { z } from 'zod'
import type { BundleContext, TrustedVerifier } from '../../audit/bundle.ts'
import { Uint } from '../../base/schema.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import { POLICY_KINDS } from '../../policy/policy.ts'
import { artifactsDir } from '../../proof/build.ts'
import { loadCatalog } from '../../proof/catalog.ts'
import { type Artifacts, loadArtifacts } from '../../proof/manifest.ts'
import { verifyingKeyWords } from '../../proof/vkey.ts'
import { verifierIdOf } from '../../statement/verifier-id.ts'

const PolicyKind = z.enum(POLICY_KINDS)
const Indexed = z.looseObject({ index: Uint(64) })
const Named = z.looseObject({ circuit: z.string() })

/**
 * What a bundle can be held against: the chain's epoch and batch of its index, and the verifiers of that epoch; without a chain the circuits that were built here.
 */
export async function bundleContext(bundle: unknown, reader?: LedgerReader): Promise<BundleContext> {
  const local = await localVerifiers(Named.safeParse(bundle).data?.circuit)
  const index = Indexed.safeParse(bundle).data?.index
  if (!reader || index === undefined) return { verifiers: local }
  const batch = await reader.batch(index)
  const epoch = batch && (await reader.epoch(batch.epoch))
  if (!batch || !epoch) return { verifiers: local, chain: 'not accepted' }
  const circuits = new Map(local.map(({ verifierId, circuit }) => [verifierId, circuit]))
  const verifiers = epoch.verifiers.map((verifier): TrustedVerifier => {
    const circuit = circuits.get(verifier.verifierId)
    return { ...verifier, ...(circuit === undefined ? {} : { circuit }) }
  })
  return { verifiers, chain: { epoch, batch } }
}

/**
 * The verifier of the named circuit, or of every circuit where the catalog has no such name, as far as they lie built on this machine. None without a
 * name: what names no circuit is no bundle, and to trust artifacts is to hash them, which takes seconds.
 */
async function localVerifiers(circuit: string | undefined): Promise<TrustedVerifier[]> {
  if (circuit === undefined) return []
  const known = Object.keys(loadCatalog().circuits)
  const names = known.includes(circuit) ? [circuit] : known
  const built = await Promise.all(names.map((name) => loadArtifacts(artifactsDir(name)).catch(() => undefined)))
  return built.flatMap((artifacts) => (artifacts ? [verifierOf(artifacts)] : []))
}

function verifierOf({ manifest: { name, kind, shards, slots }, verifyingKey }: Artifacts): TrustedVerifier {
  const keyWords = verifyingKeyWords(verifyingKey)
  const kindName = PolicyKind.parse(kind)
  const verifierId = verifierIdOf(kindName, { shards, slots }, keyWords)
  return { circuit: name, kind: POLICY_KINDS.indexOf(kindName), shards, slots, keyWords, verifierId }
}
