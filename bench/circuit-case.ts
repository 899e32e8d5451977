import { domainLog2 } from '../src/proof/devkey/qap.ts'

/** How benches call a circuit of some size: `two-choice/S16/2^17`, or `snarkjs/S16/2^17` for what a prover does with it. */
export function caseName(what: string, shards: number, r1cs: { constraints: number; publics: number }): string {
  return `${what}/S${shards}/2^${domainLog2(r1cs)}`
}
