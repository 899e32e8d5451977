import { isAddress } from 'ethers'
import type { Hex32 } from '../base/keccak.ts'
import { LedgerReader, type LedgerSource } from '../chain/reader.ts'
import type { SigningDomain } from '../order/domain.ts'
import { ClientError } from './error.ts'
import { once } from './once.ts'
import type { PolicyInForce } from './wire.ts'

type ReadEpoch = Awaited<ReturnType<LedgerReader['epoch']>>
type ReadBatch = NonNullable<Awaited<ReturnType<LedgerReader['batch']>>>
type ReadSubmission = Pick<
  ReadBatch['submission'],
  'time' | 'fees' | 'openMask' | 'beneficiary' | 'commitments' | 'assignments'
>

/** What the client reads of the chain; a `LedgerReader` does it. */
export interface ChainView {
  readonly config: SigningDomain
  latestEpoch(): Promise<bigint>
  epoch(epoch: bigint): Promise<Pick<ReadEpoch, 'firstBatch' | 'signer'>>
  record(index: bigint): Promise<Hex32 | undefined>
  batch(index: bigint): Promise<
    | (Pick<ReadBatch, 'orderRoot' | 'statementHash' | 'head'> & {
        readonly submission: ReadSubmission
      })
    | undefined
  >
}

/**
 * Whom the client believes about the ledger and its signers:
 * - `chain`: the ledger itself, through an RPC endpoint of the caller's choice, or through a reader that is there already;
 * - `pinned`: a ledger and signers that the caller knows from elsewhere;
 * - `service`: whatever the service says of itself. Enough for a trial: a receipt that it forges is not noticed.
 */
export type Trust =
  | ({ readonly from: 'chain' } & (LedgerSource | { readonly reader: ChainView }))
  | { readonly from: 'pinned'; readonly chainId: bigint; readonly ledger: string; readonly signers: readonly string[] }
  | { readonly from: 'service' }
/** Whose word a checked receipt rests on. */
export type TrustSource = Trust['from']

/** The ledger and its epochs' signers, as the chosen source tells them. */
export interface Anchor {
  readonly from: TrustSource
  domain(): Promise<SigningDomain>
  /** Accounts that may sign receipts of an epoch, in any case of letters; none when there is no such epoch. */
  signers(epoch: bigint): Promise<readonly string[]>
  /** @throws ClientError `CHAIN_NEEDED` when another source is trusted. */
  chain(): Promise<ChainView>
  close(): Promise<void>
}

/** @param ask the service's policy, for those who trust it. @throws ClientError `OPTIONS_INVALID`. */
export function anchorOf(trust: Trust, ask: () => Promise<PolicyInForce>): Anchor {
  if (trust.from === 'chain') {
    if ('reader' in trust) return chainAnchor(async () => trust.reader)
    if (isAddress(trust.ledger)) return connecting(trust)
    throw new ClientError('OPTIONS_INVALID', 'trust in the chain needs the address of a ledger')
  }
  const chain = async (): Promise<never> => {
    throw new ClientError('CHAIN_NEEDED', 'inclusion is checked against the chain: give the client an RPC endpoint')
  }
  const rest = { chain, close: async () => {} }
  if (trust.from === 'service') {
    const policy = once(ask)
    return { from: 'service', domain: policy, signers: perEpoch(async () => (await ask()).signer), ...rest }
  }
  const { chainId, ledger, signers } = trust
  if (signers.length === 0 || ![ledger, ...signers].every((account) => isAddress(account)))
    throw new ClientError('OPTIONS_INVALID', 'pinned trust needs the addresses of a ledger and of its signers')
  return { from: 'pinned', domain: async () => ({ chainId, ledger }), signers: async () => signers, ...rest }
}

/** An anchor with a connection of its own, made when it is first needed. */
function connecting(source: LedgerSource): Anchor {
  let opened: LedgerReader | undefined
  const connect = once(async () => (opened = await LedgerReader.connect(source)))
  return { ...chainAnchor(connect), close: async () => opened?.close() }
}

function chainAnchor(chain: () => Promise<ChainView>): Anchor {
  const signers = perEpoch(async (epoch) => {
    const reader = await chain()
    if (epoch < 1n || epoch > (await reader.latestEpoch())) return undefined
    return (await reader.epoch(epoch)).signer
  })
  return { from: 'chain', chain, domain: async () => (await chain()).config, signers, close: async () => {} }
}

/** Asks for each epoch's signer once: it is fixed when the epoch is announced, and final before the epoch's first receipt. */
function perEpoch(find: (epoch: bigint) => Promise<string | undefined>): Anchor['signers'] {
  const known = new Map<bigint, Promise<readonly string[]>>()
  return async (epoch) => {
    const asked = known.get(epoch) ?? find(epoch).then((signer) => (signer === undefined ? [] : [signer]))
    known.set(epoch, asked)
    const found = await asked.catch(() => [])
    // What was not found may be there the next time.
    if (found.length === 0) known.delete(epoch)
    return asked
  }
}
