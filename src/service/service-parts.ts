import type { SendingTurn } from '../chain/sending-turn.ts'
import type { ChainWindow } from './chain-window.ts'
import type { Clock } from './clock.ts'
import type { ServiceConfig } from './config.ts'
import type { DutyWrites, SystemReads } from './duty-role.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import type {
  ChainReads,
  ChainWrites,
  ChecksWitness,
  EpochWrites,
  Proves,
  SealReads,
  SealWrites,
  SignReceipts,
  VerifyBatchProof,
} from './ports.ts'
import type { EpochSigner } from './receipt-signer.ts'
import type { Database } from './store/database.ts'

/** Everything that a service is put together from, open and checked. */
export interface ServiceParts {
  readonly config: Pick<ServiceConfig, 'limits' | 'roles'>
  readonly database: Database
  /** This process alone uses the database: whoever held its lane or jobs is dead. */
  readonly exclusive: boolean
  readonly context: LaneContext
  readonly signer: EpochSigner
  /** For receipts by the hundred. */
  readonly signReceipts: SignReceipts
  readonly reader: ChainReads
  /** For those who look at the chain through the service. */
  readonly chain: Pick<ChainWindow, 'place' | 'ask'>
  readonly writer: ChainWrites
  /** What begins the next epoch: of the same account. */
  readonly epochs: EpochWrites
  /** What stands around the ledger, where anything does. */
  readonly around?:
    | { readonly system: SystemReads; readonly writer: DutyWrites; readonly fromBlock: number }
    | undefined
  /** In sealed mode: what sends seals, and sees them. */
  readonly sealing?: { readonly chain: SealReads; readonly writer: SealWrites; readonly turn: SendingTurn } | undefined
  readonly prover: Proves
  readonly verify: VerifyBatchProof
  readonly witness: ChecksWitness
  /** Position of the circuit's verifier in the epoch's list. */
  readonly verifier: number
  /** The account that rewards go to. */
  readonly beneficiary: string
  /** From a batch's time to when the ledger must have accepted it, s. */
  readonly deadlineS: number
  /** Blocks after which a batch is final. */
  readonly finalityDepth: number
  readonly clock: Clock
  readonly log: Log
  /** Closes what was opened for the service. */
  close(): Promise<void>
}
