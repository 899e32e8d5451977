import { expect } from 'chai'
import { auditLedger } from '../../src/audit/audit.ts'
import { CHECKS } from '../../src/audit/codes.ts'
import { report } from '../../src/audit/report.ts'
import { hashProof } from '../audit/ledger-fixture.ts'
import { makeLedger } from './ledger.ts'
import { cheats } from './routers.ts'

const DEADLINE_S = 600

describe('a router that cheats', () => {
  for (const { name, records, receipts, timeS, code } of cheats())
    it(`is caught: ${name} (${code})`, async () => {
      const config = { ...records.config, deadlineS: DEADLINE_S }
      const { verdict, failures } = await report(
        auditLedger({ ...records, config }, { verifyProofs: hashProof, receipts, timeS }),
      )
      expect(verdict).to.equal('violated')
      expect(failures[0]?.name).to.equal(code)
      expect(CHECKS).to.have.property(code)
    })

  it('is the only one that is accused: the same ledger without the cheat is good', async () => {
    const { verdict, failures } = await report(auditLedger(makeLedger({}), { verifyProofs: hashProof }))
    expect([verdict, failures]).to.deep.equal(['good', []])
  })
})
