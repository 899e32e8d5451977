import { poseidon } from '../base/poseidon.ts'

/** `keyCommit = Poseidon(key)`: what an epoch publishes of the operator key. */
export const keyCommitmentOf = (key: bigint): bigint => poseidon([key])

/** `batchKey = Poseidon(key, seed)`: fixed for the epoch, so that sending an order again draws the same candidates. */
export const batchKeyOf = (key: bigint, seed: bigint): bigint => poseidon([key, seed])
