import type { Provider, Signer } from 'ethers'
import { type Artifacts, assertKeyAllowed } from '../proof/manifest.ts'
import { type AddressBook, readAddressBook, writeAddressBook } from './address-book.ts'
import { naming } from './contract-error.ts'
import { deployVerifier } from './deploy.ts'
import { ChainError } from './error.ts'
import type { SystemConfig } from './system-config.ts'
import { predictAddresses, SYSTEM_CONTRACTS } from './system-contracts.ts'
import { configHash, type PlannedContract, planSystem, type SystemShape } from './system-plan.ts'
import { verifySystem } from './verify-system.ts'

interface DeploySystemOptions {
  readonly root: string
  /** Pays; it gets no rights. */
  readonly signer: Signer
  readonly config: SystemConfig
  readonly artifacts: readonly Artifacts[]
  readonly shape: SystemShape
  /** Where the address book is kept. */
  readonly book: string
  /** Told of each step, for people. */
  readonly onStep?: (line: string) => void
}

/**
 * Deploys what is not there yet, and checks all of it. Run again after whatever went wrong: the address book, written before the first transaction, says what was begun.
 * Every key is checked before anything is sent.
 * @throws ArtifactError `DEV_KEY_FORBIDDEN`; ChainError `CHAIN_MISMATCH` for circuits of another number of shards, `ADDRESS_BOOK_INVALID`, `ADDRESS_BOOK_MISMATCH`
 * when the book is of another chain, deployer or config, `DEPLOYER_BUSY` when the deployer's nonce was used for something else, `DEPLOYMENT_MISMATCH` when
 * something else stands at an address, and whatever sending throws.
 */
export async function deploySystem(options: DeploySystemOptions): Promise<AddressBook> {
  const { root, signer, config, artifacts, shape, onStep = () => {} } = options
  const provider = signer.provider
  if (!provider) throw new ChainError('CHAIN_UNREACHABLE', 'the deployer is not connected to a chain')
  const { chainId } = await naming(() => provider.getNetwork())
  for (const { manifest } of artifacts) {
    assertKeyAllowed(manifest, chainId)
    if (manifest.shards === shape.shards) continue
    const details = { circuit: manifest.name, expected: shape.shards, found: manifest.shards }
    throw new ChainError('CHAIN_MISMATCH', `circuit ${manifest.name} is for ${manifest.shards} shards`, { details })
  }
  const deployer = await signer.getAddress()
  const known = readAddressBook(options.book)
  const operator = config.operator ?? deployer
  const firstNonce = known?.firstNonce ?? (await naming(() => provider.getTransactionCount(deployer, 'pending')))
  const contracts = predictAddresses(deployer, firstNonce)
  const plan = planSystem(root, config, shape, operator, contracts)
  const wanted: Expected = { chainId: String(chainId), deployer, operator, configHash: configHash(plan), contracts }
  if (known) assertSame(known, wanted, options.book)
  const book: AddressBook = known ?? {
    version: 1,
    ...wanted,
    firstNonce,
    fromBlock: await naming(() => provider.getBlockNumber()),
    codeHashes: {},
    verifiers: {},
  }
  await writeAddressBook(options.book, book)
  for (const [i, each] of plan.entries()) await deployOne(signer, book, each, firstNonce + i, onStep)
  const verifiers: Record<string, string> = {}
  for (const each of artifacts) {
    verifiers[each.manifest.name] = await deployVerifier(signer, contracts.verifierFactory, each)
    onStep(`${each.manifest.name} ${verifiers[each.manifest.name]}`)
  }
  const verified = await verifySystem({ root, provider, plan, contracts, artifacts, verifiers })
  const done = { ...book, ...verified }
  await writeAddressBook(options.book, done)
  return done
}

/**
 * Checks a system that was deployed before; sends nothing.
 * @returns the book, with the hashes and verifiers found.
 * @throws ChainError `ADDRESS_BOOK_MISMATCH`, `DEPLOYMENT_MISMATCH`, and whatever reading throws.
 */
export async function checkSystem(
  options: Omit<DeploySystemOptions, 'signer' | 'book' | 'onStep'> & { provider: Provider; book: AddressBook },
): Promise<AddressBook> {
  const { root, provider, config, artifacts, shape, book } = options
  const { chainId } = await naming(() => provider.getNetwork())
  const { deployer, firstNonce } = book
  const operator = config.operator ?? deployer
  const contracts = predictAddresses(deployer, firstNonce)
  const plan = planSystem(root, config, shape, operator, contracts)
  const wanted = { chainId: String(chainId), deployer, operator, configHash: configHash(plan), contracts }
  assertSame(book, wanted, 'the address book')
  const verifiers = Object.fromEntries(Object.entries(book.verifiers).map(([name, { address }]) => [name, address]))
  return { ...book, ...(await verifySystem({ root, provider, plan, contracts, artifacts, verifiers })) }
}

/** Deploys a contract at its nonce, unless something stands at its address; what that is, verification tells. */
async function deployOne(
  signer: Signer,
  book: AddressBook,
  { key, initCode }: PlannedContract,
  nonce: number,
  onStep: (line: string) => void,
): Promise<void> {
  const provider = signer.provider
  if (!provider) throw new ChainError('CHAIN_UNREACHABLE', 'the deployer is not connected to a chain')
  const address = book.contracts[key]
  if ((await naming(() => provider.getCode(address))) !== '0x') {
    onStep(`${key} ${address} (was there)`)
    return
  }
  const next = await naming(() => provider.getTransactionCount(book.deployer))
  if (next !== nonce) {
    throw new ChainError('DEPLOYER_BUSY', `the deployer's next nonce is ${next}, and ${key} needs ${nonce}`, {
      details: { contract: key, expected: nonce, found: next },
    })
  }
  await naming(async () => (await signer.sendTransaction({ data: initCode, nonce })).wait())
  onStep(`${key} ${address}`)
}

/** What follows from chain, deployer and config. */
type Expected = Pick<AddressBook, 'chainId' | 'deployer' | 'operator' | 'configHash' | 'contracts'>

function assertSame({ contracts, ...book }: AddressBook, expected: Expected, path: string): void {
  const rows = [
    ...(['chainId', 'deployer', 'operator', 'configHash'] as const).map(
      (key) => [key, book[key], expected[key]] as const,
    ),
    ...SYSTEM_CONTRACTS.map((key) => [`contracts.${key}`, contracts[key], expected.contracts[key]] as const),
  ]
  for (const [field, found, wanted] of rows) {
    if (found === wanted) continue
    const details = { path, field, book: found, expected: wanted }
    throw new ChainError('ADDRESS_BOOK_MISMATCH', `${path} is of another deployment: its ${field} differs`, { details })
  }
}
