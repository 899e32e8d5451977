import { decodeBase64, hexlify } from 'ethers'
import { POSEIDON_CODE } from './poseidon-code.ts'

/** Bytes of creation code before what is kept. */
const PRELUDE = 12

/** Creation code of circomlib's Poseidon of two elements as a contract (IPoseidon2). */
export const poseidonCode = (): string => hexlify(decodeBase64(POSEIDON_CODE.trim()))

/** The code that a deployed one has. */
export const poseidonRuntimeCode = (): string => `0x${poseidonCode().slice(2 + 2 * PRELUDE)}`
