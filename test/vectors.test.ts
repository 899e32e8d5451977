import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { poseidon } from '../src/base/poseidon.ts'
import { packageRoot } from '../src/proof/root.ts'
import { vectorFiles, vectorText } from './helpers/vectors.ts'

describe('shared vectors', () => {
  for (const [name, content] of Object.entries(vectorFiles())) {
    it(`${name}.json holds what this code computes`, () => {
      expect(readFileSync(join(packageRoot(), 'test', 'vectors', `${name}.json`), 'utf8')).to.equal(vectorText(content))
    })
  }

  it("Poseidon agrees with circomlib's published answers", () => {
    for (const { inputs, out } of vectorFiles().hash.poseidon.slice(0, 2)) expect(poseidon(inputs)).to.equal(out)
  })
})
