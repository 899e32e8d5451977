import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { type NumberedRow, readFlow } from '../../src/cli/flow/csv.ts'
import { catchError } from '../helpers/catch-error.ts'
import { tempDir } from './temp-dir.ts'

const HEADER = 'timestamp_ms,side,size,price'

describe('readFlow', () => {
  const dir = tempDir()
  const read = async (path: string): Promise<NumberedRow[]> => {
    const rows: NumberedRow[] = []
    for await (const row of readFlow(path)) rows.push(row)
    return rows
  }
  const readText = async (text: string): Promise<NumberedRow[]> => read(await dir.write('flow.csv', text))

  it('reads rows with their lines, and ignores other columns, a byte order mark, empty lines and CRLF', async () => {
    const rows = await readText(`\ufeff${HEADER}\r\n5,buy,10,1\r\n\r\n6,sell,2.5,1\r\n`)
    expect(rows).to.deep.equal([
      { timestamp_ms: 5, side: 'buy', size: 10, line: 2 },
      { timestamp_ms: 6, side: 'sell', size: 2.5, line: 4 },
    ])
  })

  it('reads what is gzipped', async () => {
    const path = await dir.write('flow.csv.gz', gzipSync(`${HEADER}\n5,buy,10,1\n`))
    expect(await read(path)).to.have.length(1)
  })

  it('gives back any rows in order of time', async () => {
    const row = fc.record({
      timestamp_ms: fc.nat(2 ** 40),
      side: fc.constantFrom('buy', 'sell'),
      size: fc.integer({ min: 1, max: 10 ** 12 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (made) => {
        const rows = made.sort((a, b) => a.timestamp_ms - b.timestamp_ms)
        const text = rows.map(({ timestamp_ms, side, size }) => `${timestamp_ms},${side},${size},1\n`).join('')
        const found = await readText(`${HEADER}\n${text}`)
        expect(found.map(({ line: _, ...rest }) => rest)).to.deep.equal(rows)
      }),
      { numRuns: 30 },
    )
  })

  const broken: Record<string, { text: string; line: number }> = {
    'an unknown side': { text: `${HEADER}\n1,buy,1,1\n2,hold,1,1\n`, line: 3 },
    'a size of nothing': { text: `${HEADER}\n1,buy,0,1\n`, line: 2 },
    'a negative size': { text: `${HEADER}\n1,buy,-1,1\n`, line: 2 },
    'a time that is none': { text: `${HEADER}\n1.5,buy,1,1\n`, line: 2 },
    'a row that goes back in time': { text: `${HEADER}\n2,buy,1,1\n1,buy,1,1\n`, line: 3 },
    'a row that is too short': { text: `${HEADER}\n1,buy\n`, line: 2 },
    'a quote that is not closed': { text: `${HEADER}\n1,buy,"1,1\n`, line: 2 },
    'a header without a column': { text: 'timestamp_ms,size\n1,1\n', line: 1 },
  }
  for (const [name, { text, line }] of Object.entries(broken)) {
    it(`names the line of ${name}`, async () => {
      const error = await catchError(() => readText(text))
      expect([error.code, error.details.line]).to.deep.equal(['CSV_INVALID', line])
    })
  }

  it('tells a missing file and a cut gzip file', async () => {
    const cut = await dir.write('cut.csv.gz', gzipSync(`${HEADER}\n5,buy,10,1\n`).subarray(0, 20))
    for (const path of [dir.path('none.csv'), cut]) {
      expect((await catchError(() => read(path))).code).to.equal('FILE_UNREADABLE')
    }
  })

  it('stops reading when its reader does', async () => {
    const path = await dir.write('long.csv', `${HEADER}\n${'1,buy,1,1\n'.repeat(50_000)}`)
    for await (const { line } of readFlow(path)) {
      expect(line).to.equal(2)
      break
    }
  })
})
