import { Contract, keccak256, type Provider } from 'ethers'
import type { Hex32 } from '../base/keccak.ts'
import { POLICY_KINDS } from '../policy/policy.ts'
import type { Artifacts } from '../proof/manifest.ts'
import { verifyingKeyWords } from '../proof/vkey.ts'
import { verifierIdOf } from '../statement/verifier-id.ts'
import { GROTH16_VERIFIER_ABI } from './abi.ts'
import type { AddressBook } from './address-book.ts'
import { readArtifact } from './artifact.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { poseidonRuntimeCode } from './poseidon-contract.ts'
import type { SystemAddresses, SystemContract } from './system-contracts.ts'
import { type Answer, gettersAnswer, type PlannedContract, type PlannedPart } from './system-plan.ts'

interface SystemToVerify {
  readonly root: string
  readonly provider: Provider
  readonly plan: readonly PlannedContract[]
  readonly contracts: SystemAddresses
  readonly artifacts: readonly Artifacts[]
  /** Addresses by circuit. */
  readonly verifiers: Readonly<Record<string, string>>
}

/**
 * Holds what is on chain against what was to be deployed: code but for immutables, what the contracts say of their settings, and every verifier's key against the
 * key that the circuit's manifest vouches for.
 * @throws ChainError `DEPLOYMENT_MISMATCH`, naming the contract and what differs.
 */
export async function verifySystem(system: SystemToVerify): Promise<Pick<AddressBook, 'codeHashes' | 'verifiers'>> {
  const codeHashes: Partial<Record<SystemContract, Hex32>> = {}
  for (const planned of system.plan) codeHashes[planned.key] = await verifyContract(system, planned)
  const verifiers: AddressBook['verifiers'] = {}
  for (const each of system.artifacts) {
    const address = system.verifiers[each.manifest.name]
    if (address === undefined) throw mismatch(each.manifest.name, 'address', 'a verifier', undefined)
    verifiers[each.manifest.name] = await verifyVerifier(system.provider, address, each)
  }
  return { codeHashes, verifiers }
}

async function verifyContract(system: SystemToVerify, planned: PlannedContract): Promise<Hex32> {
  const { key, contract: name, answers } = planned
  const address = system.contracts[key]
  const code = await naming(() => system.provider.getCode(address))
  if (name === undefined) {
    const expected = poseidonRuntimeCode()
    if (code !== expected) throw mismatch(key, 'code', keccak256(expected), code)
    return keccak256(code)
  }
  const contract = verifyCode(system, key, name, address, code)
  await verifyAnswers(contract, key, answers)
  if (planned.part) await verifyPart(system, contract, key, planned.part)
  return keccak256(code)
}

/** What a contract made for itself: its code is the whole's doing, and held to the sources all the same. */
async function verifyPart(system: SystemToVerify, whole: Contract, key: string, part: PlannedPart): Promise<void> {
  const address: string = await naming(() => whole.getFunction(part.view)())
  const code = await naming(() => system.provider.getCode(address))
  const name = `${key}.${part.view}`
  await verifyAnswers(verifyCode(system, name, part.contract, address, code), name, part.answers)
}

/** Holds code to an artifact's, but for immutables. */
function verifyCode({ root, provider }: SystemToVerify, key: string, name: string, address: string, code: string) {
  const { abi, deployedBytecode, immutables } = readArtifact(root, name)
  if (masked(code, immutables) !== masked(deployedBytecode, immutables)) {
    throw mismatch(key, 'code', `that of ${name}`, code === '0x' ? 'none' : keccak256(code))
  }
  return new Contract(address, abi, provider)
}

async function verifyAnswers(contract: Contract, name: string, answers: readonly Answer[]): Promise<void> {
  for (const { what, view, args, expected } of answers) {
    const found: unknown = await naming(() => contract.getFunction(view)(...args))
    if (found !== expected) throw mismatch(name, what, expected, found)
  }
}

async function verifyVerifier(provider: Provider, address: string, { manifest, verifyingKey }: Artifacts) {
  const { shards, slots, name } = manifest
  const kind = POLICY_KINDS.find((each) => each === manifest.kind)
  if (kind === undefined) throw mismatch(name, 'kind', POLICY_KINDS, manifest.kind)
  const contract = new Contract(address, GROTH16_VERIFIER_ABI, provider)
  const words = verifyingKeyWords(verifyingKey)
  const found: readonly bigint[] = await naming(() => contract.getFunction('keyWords')())
  if (words.some((word, i) => word !== found[i])) throw mismatch(name, 'keyWords', words, found)
  const verifierId = verifierIdOf(kind, { shards, slots }, words)
  const asked = { kind: BigInt(POLICY_KINDS.indexOf(kind)), shards: BigInt(shards), slots: BigInt(slots), verifierId }
  await verifyAnswers(contract, name, gettersAnswer(asked))
  return { address, verifierId, vkeySha256: manifest.files.vkey }
}

/** Code with zeros where immutables are. */
function masked(
  code: string,
  immutables: Readonly<Record<string, readonly { start: number; length: number }[]>>,
): string {
  let text = code
  for (const { start, length } of Object.values(immutables).flat()) {
    const from = 2 + 2 * start
    text = text.slice(0, from) + '0'.repeat(2 * length) + text.slice(from + 2 * length)
  }
  return text
}

function mismatch(contract: string, what: string, expected: unknown, found: unknown): ChainError {
  const details = { contract, what, expected, found }
  return new ChainError('DEPLOYMENT_MISMATCH', `${contract} is not what was to be deployed: ${what} differs`, {
    details,
  })
}
