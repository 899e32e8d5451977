/** The bundle that a service would give of a batch of the fixture, and the anchor that a chain would give of its ledger. */

import { getAddress, Signature } from 'ethers'
import { makeAnchor } from '../../src/audit/anchor.ts'
import type { Anchor } from '../../src/audit/anchor-schema.ts'
import { rebuild } from '../../src/audit/rebuild.ts'
import { jsonText } from '../../src/base/json.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { bind } from '../../src/statement/binding.ts'
import { termsHash } from '../../src/statement/record.ts'
import { element } from '../helpers/fixtures.ts'
import { type LedgerFixture, ledgerFixture, SHAPE } from './ledger-fixture.ts'

/** A bundle as JSON text. @param index of the fixture's five batches; the last two are of the second epoch. */
export function bundleFixture(index: number, { config, epochs, batches }: LedgerFixture = ledgerFixture()): string {
  const batch = batches[index]
  const epoch = epochs.find(({ epoch: number }) => number === batch?.epoch)
  const verifier = epoch?.verifiers[0]
  if (!epoch || !batch || !verifier) throw new Error('the fixture has no such batch')
  const counters = batch.submission.previous.counters.flatMap((word) =>
    Array.from({ length: SHAPE.shards }, (_, i) => (word >> BigInt(64 * i)) & (2n ** 64n - 1n)),
  )
  const rebuilt = rebuild(SHAPE, epoch, { ...batch.submission.previous, counters }, batch)
  if (typeof rebuilt === 'string') throw new Error(rebuilt)
  const { statement, words } = rebuilt
  const { beneficiary, digest, proof } = batch.submission
  const { alpha, y } = bind({ ...config, beneficiary, verifierId: verifier.verifierId }, words)
  const bundle = {
    epoch: batch.epoch,
    index: batch.index,
    time: statement.time,
    count: batch.count,
    deferred: statement.assignments.filter((byte) => byte === 0).length,
    circuit: 'two-choice-4-8',
    chainId: config.chainId,
    ledger: config.ledger,
    statement,
    statementHash: batch.statementHash,
    orderRoot: batch.orderRoot,
    head: batch.head,
    terms: termsHash(statement, beneficiary),
    record: batch.record,
    signer: epoch.signer,
    signature: Signature.from(batch.submission.signature).serialized,
    proof: { words: proof, digest, alpha, y, beneficiary, verifierId: verifier.verifierId },
  }
  return jsonText(bundle)
}

/** An anchor of the fixture's ledger. @param first, last indices of the batches that it holds; all five by default. */
export function anchorFixture(
  first = 0,
  last = 4,
  { config, epochs, batches }: LedgerFixture = ledgerFixture(),
): Anchor {
  const held = batches.slice(first, last + 1)
  const checksummed = (accounts: readonly string[]) => accounts.map((account) => getAddress(account))
  const numbers = new Set(held.map(({ epoch }) => epoch))
  return makeAnchor({
    config,
    block: { number: 77n, hash: hex32(element(60)), time: 1_515_053_800n },
    accepted: BigInt(batches.length),
    epochs: epochs
      .filter(({ epoch }) => numbers.has(epoch))
      .map((epoch) => {
        const { settlements, reportSigners } = epoch.policy
        const accounts = { settlements: checksummed(settlements), reportSigners: checksummed(reportSigners) }
        return { ...epoch, policy: { ...epoch.policy, ...accounts } }
      }),
    firstBatch: BigInt(first),
    records: held.map(({ record }) => record),
    seals: held.flatMap(({ index, seal }) => (seal ? [{ index, blockHash: seal.blockHash }] : [])),
  })
}
