import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readAnchor } from '../../src/audit/anchor.ts'
import { auditBundle } from '../../src/audit/bundle.ts'
import { parseJson } from '../../src/audit/json-text.ts'
import type { ProofCheck, ProofClaim } from '../../src/audit/proof-check.ts'
import { report } from '../../src/audit/report.ts'
import { openVerifier } from '../../src/cli/audit/verifier.ts'
import { findNativeProver } from '../../src/proof/native/find.ts'
import { packageRoot } from '../../src/proof/root.ts'

const read = (name: string): string => readFileSync(join(packageRoot(), 'test', 'cli', 'testdata', name), 'utf8')

/** The claim of a bundle with a real proof. */
async function realClaim(): Promise<ProofClaim> {
  const found: ProofClaim[] = []
  const keep: ProofCheck = async (claims) => {
    found.push(...claims)
    return claims.map(() => true)
  }
  await report(auditBundle(parseJson(read('bundle.json')), { anchor: readAnchor(read('anchor.json')) }, keep))
  return found[0] ?? expect.fail('the bundle has a proof')
}

for (const name of ['snarkjs', 'native'] as const)
  describe(`the ${name} verifier of an audit`, function () {
    this.timeout(60_000)
    before(function () {
      if (name === 'native' && findNativeProver() === undefined) {
        console.warn('      SKIPPED: the native prover is not built')
        this.skip()
      }
    })

    it('names the bad ones among good ones, whatever is wrong with them', async () => {
      const good = await realClaim()
      const bent = (change: Partial<ProofClaim>): ProofClaim => ({ ...good, ...change })
      const swap = (list: readonly bigint[], at: number, value: bigint) =>
        list.map((word, i) => (i === at ? value : word))
      const [, , negated = 0n] = good.proof
      const claims: [ok: boolean, claim: ProofClaim][] = [
        [true, good],
        [false, bent({ signals: swap(good.signals, 1, 5n) })],
        [true, good],
        [false, bent({ signals: swap(good.signals, 2, 2n ** 256n - 1n) })],
        [false, bent({ proof: swap(good.proof, 0, 5n) })],
        [false, bent({ proof: good.proof.slice(1) })],
        [false, bent({ proof: [...good.proof.slice(0, 2), negated, ...good.proof.slice(2, 7)] })],
        [false, bent({ keyWords: good.keyWords.slice(1) })],
        [false, bent({ keyWords: swap(good.keyWords, 14, good.keyWords[16] ?? 0n) })],
        [false, bent({ signals: good.signals.slice(1) })],
        [true, good],
      ]
      const verifier = openVerifier(name)
      try {
        expect(await verifier.verify(claims.map(([, claim]) => claim))).to.deep.equal(claims.map(([ok]) => ok))
        expect(await verifier.verify([])).to.deep.equal([])
      } finally {
        verifier.close()
      }
    })
  })
