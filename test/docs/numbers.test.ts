/** The README's numbers are those of the results that they link to: medians, as exact as they are shown or within a thousandth; conditions stand in the first column. */
import { expect } from 'chai'
import { z } from 'zod'
import { readPage } from './guide.ts'

const Result = z.looseObject({ rows: z.array(z.looseObject({ value: z.number(), unit: z.string() })) })

/** What a row of a result says, in its own unit and, for times, in seconds too. */
const valuesOf = (path: string): number[] =>
  Result.parse(JSON.parse(readPage(path))).rows.flatMap(({ value, unit }) =>
    unit === 'ms' ? [value, value / 1000] : [value],
  )

/** Whether a number as it is printed may stand for a value. */
function shows(printed: string, value: number): boolean {
  const decimals = printed.split('.')[1]?.length ?? 0
  const number = Number(printed.replaceAll(',', ''))
  return Math.abs(number - value) <= Math.max(0.5 * 10 ** -decimals, value / 1000)
}

describe('numbers in README.md', () => {
  const rows = [...readPage('README.md').matchAll(/^\| ([^|]+) \| ([^|]+) \| \[\w+\]\((bench\/results\/[^)]+)\) \|$/gm)]

  it('are there', () => expect(rows).to.have.length.at.least(4))

  for (const [, what = '', shown = '', path = ''] of rows) {
    it(`${what}: stands in ${path}`, () => {
      const printed = shown.match(/\d[\d,]*(\.\d+)?/g) ?? []
      expect(printed).to.not.be.empty
      const values = valuesOf(path)
      expect(printed.filter((number) => !values.some((value) => shows(number, value)))).to.deep.equal([])
    })
  }

  it('a number that no result has is found', () => {
    expect(shows('1,024', 1023.6)).to.equal(true)
    expect(shows('1.6', 1.62586)).to.equal(true)
    expect(shows('1.7', 1.62586)).to.equal(false)
    expect(shows('341,513', 345_000)).to.equal(false)
  })
})
