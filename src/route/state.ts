import { packWord, unpackWord, type WordLayout } from '../base/pack.ts'
import { SPONGE_TAG, sponge } from '../base/poseidon.ts'

/** What is carried of one shard from batch to batch (138 bits; protocol, section 3). */
export interface ShardState {
  /** Ticks assigned and not yet finished. */
  readonly backlog: bigint
  /** Recent buys and sells, in ticks, fading by an eighth a batch. */
  readonly buys: bigint
  readonly sells: bigint
  /** Congestion price, 15 bits. */
  readonly fee: bigint
  /** Slow start, 0 … 3. */
  readonly ramp: bigint
  readonly open: boolean
}

const STATE_WORD = [
  ['backlog', 40],
  ['buys', 40],
  ['sells', 40],
  ['fee', 15],
  ['ramp', 2],
  ['open', 1],
] as const satisfies WordLayout<string>

/** The state word of a shard. @throws OutOfRangeError OUT_OF_RANGE. */
export const stateWord = (state: ShardState): bigint => packWord(STATE_WORD, { ...state, open: state.open ? 1n : 0n })

/** The inverse of {@link stateWord}. @throws OutOfRangeError OUT_OF_RANGE. */
export function shardStateOf(word: bigint): ShardState {
  const { open, ...rest } = unpackWord(STATE_WORD, word)
  return { ...rest, open: open === 1n }
}

/** The hiding hash of all shards' states: `Sponge(1, blind ‖ words)`; `blind` is a fresh random field element. */
export const stateHash = (blind: bigint, states: readonly ShardState[]): bigint =>
  sponge(SPONGE_TAG.state, [blind, ...states.map(stateWord)])

const idle: ShardState = { backlog: 0n, buys: 0n, sells: 0n, fee: 1n, ramp: 3n, open: true }

/** The states before a ledger's first batch; hashed with blind 0. */
export const genesisStates = (shards: number): ShardState[] => new Array<ShardState>(shards).fill(idle)

/** The public states to start again from when the last accepted state's opening is lost; hashed with blind 0. */
export const resetStates = (shards: number): ShardState[] =>
  new Array<ShardState>(shards).fill({ ...idle, ramp: 0n, open: false })
