import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { DRAWS } from './shards.ts'

/** Random numbers of one run: the same seed gives the same run, everywhere. Never for secrets. */
export interface Random {
  /** Whole numbers below 2^14. */
  readonly draw: () => number
  /** In [0, 1). */
  readonly unit: () => number
  /** Of mean 1: waiting times of a Poisson process of rate 1. */
  readonly exponential: () => number
  /** Of mean 0 and variance 1 (Box and Muller). */
  readonly normal: () => number
}

/** @param seed any whole number. */
export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const unit = (): number => (generator.next() >>> 0) / 2 ** 32
  return {
    draw: () => (generator.next() >>> 8) & (DRAWS - 1),
    unit,
    exponential: () => -Math.log(1 - unit()),
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  }
}
