import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { Address, Bytes32, FieldElement, Uint } from '../../src/base/schema.ts'

describe('wire schemas', () => {
  const refused: [string, { safeParse(input: unknown): { success: boolean } }, unknown][] = [
    ['a field element at p', FieldElement, FIELD_MODULUS.toString()],
    ['a field element as a number', FieldElement, 5],
    ['leading zeros', FieldElement, '05'],
    ['hex where decimals belong', FieldElement, '0x5'],
    ['a negative integer', Uint(64), '-1'],
    ['an integer one bit too wide', Uint(64), (2n ** 64n).toString()],
    ['31 bytes', Bytes32, `0x${'11'.repeat(31)}`],
    ['an address with a wrong checksum', Address, '0x52908400098527886E0F7030069857D2E4169Ee7'],
  ]
  for (const [what, schema, input] of refused) {
    it(`refuse ${what}`, () => {
      expect(schema.safeParse(input).success).to.equal(false)
    })
  }

  it('take the largest values', () => {
    expect(FieldElement.parse((FIELD_MODULUS - 1n).toString())).to.equal(FIELD_MODULUS - 1n)
    expect(Uint(64).parse((2n ** 64n - 1n).toString())).to.equal(2n ** 64n - 1n)
  })
})
