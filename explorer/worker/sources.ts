import { getAddress } from 'ethers'
import type { NamedChallenges } from '../../src/chain/around-ledger.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { DEFAULT_RETRIES } from '../../src/client/backoff.ts'
import { once } from '../../src/client/once.ts'
import { Transport } from '../../src/client/transport.ts'
import { Chain } from '../../src/client/wire.ts'
import type { Settings } from '../wire/settings.ts'
import type { Sight } from '../wire/views.ts'
import { Acceptances } from './acceptances.ts'

const ANSWER_LIMIT_MS = 10_000

/** Whom the worker asks: the service and the chain, as the settings say. Connections are made when first needed, and kept. */
export class Sources {
  readonly transport: Transport
  readonly #settings: Settings
  readonly #service: string
  /** @throws ServiceProblem, ClientError, ChainError; the next call tries again. */
  readonly reader: () => Promise<LedgerReader>
  /** What the ledger accepted, read on from where it was last looked at. */
  readonly acceptances: () => Promise<Acceptances>

  constructor(settings: Settings, origin: string) {
    this.#settings = settings
    this.#service = (settings.service || origin).replace(/\/+$/, '')
    this.transport = new Transport({
      url: this.#service,
      key: undefined,
      fetch: globalThis.fetch.bind(globalThis),
      retries: { ...DEFAULT_RETRIES, retries: 0 },
      timeoutMs: ANSWER_LIMIT_MS,
    })
    this.reader = once(() => this.#connect())
    this.acceptances = once(async () => new Acceptances(await this.reader(), settings.fromBlock))
  }

  /** Whether the chain can be read without the service. */
  get standsAlone(): boolean {
    return this.#settings.rpc !== '' && this.#settings.ledger !== ''
  }

  /** Challenge contracts that the settings name. */
  get challenges(): NamedChallenges | undefined {
    const [receiptChallenges, reportChallenges] = this.#settings.challenges.split(',').filter(Boolean).map(getAddress)
    return receiptChallenges && reportChallenges ? { receiptChallenges, reportChallenges } : undefined
  }

  async sight(): Promise<Sight> {
    const { chainId, ledger, shards } = (await this.reader()).config
    const { rpc, ledger: named } = this.#settings
    return {
      ...{ chainId, ledger, shards, endpoint: new URL(this.#rpc).host },
      chainBy: rpc === '' ? 'service' : 'user',
      ledgerBy: named === '' ? 'service' : 'user',
    }
  }

  get #rpc(): string {
    return this.#settings.rpc || `${this.#service}/v1/chain/rpc`
  }

  async #connect(): Promise<LedgerReader> {
    const { ledger, fromBlock } = this.#settings
    const named = ledger || (await this.transport.get('/v1/chain', Chain)).ledger
    return LedgerReader.connect({ rpcUrl: this.#rpc, ledger: named, fromBlock })
  }
}
