import { expect } from 'chai'
import { getAddress } from 'ethers'
import fc from 'fast-check'
import { makeAnchor, readAnchor, withDigest, writeAnchor } from '../../src/audit/anchor.ts'
import { checkAnchor } from '../../src/audit/anchor-checks.ts'
import { type Anchor, AnchorBody } from '../../src/audit/anchor-schema.ts'
import { auditBundle } from '../../src/audit/bundle.ts'
import { auditBundles } from '../../src/audit/bundle-list.ts'
import { CHECKS } from '../../src/audit/codes.ts'
import { parseJson } from '../../src/audit/json-text.ts'
import { type AuditReport, report, type Verdict } from '../../src/audit/report.ts'
import { jsonText } from '../../src/base/json.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { catchError } from '../helpers/catch-error.ts'
import { anchorFixture, bundleFixture } from './bundle-fixture.ts'
import { flip, leaves, type Path } from './flip.ts'
import { buildLedger, hashProof, ledgerFixture, REDUCED } from './ledger-fixture.ts'

/** Batch 3 is the second epoch's first. */
const INDEX = 3

describe('anchor', () => {
  const anchor = anchorFixture()
  const text = writeAnchor(anchor)
  const bundle = parseJson(bundleFixture(INDEX))
  const audit = (against: Anchor): Promise<AuditReport> => report(auditBundle(bundle, { anchor: against }, hashProof))
  /** As the command line does it: the text of a file that may be no anchor. */
  const verdictOf = async (file: string): Promise<Verdict | string> => {
    try {
      return (await audit(readAnchor(file))).verdict
    } catch (error) {
      return String(Object(error).code)
    }
  }

  it('reads back what was written, and holds in itself', async () => {
    expect(readAnchor(text)).to.deep.equal(anchor)
    expect((await report(checkAnchor(anchor))).failures).to.deep.equal([])
    expect(await verdictOf(text)).to.equal('good')
  })

  it('takes 74 bytes of text a batch, beside its epochs', () => {
    const more = anchor.records.concat(new Array<string>(100).fill(anchor.records[0] ?? ''))
    const longer = writeAnchor({ ...anchor, records: more })
    expect(longer.length - text.length).to.equal(100 * 74)
  })

  it('rejects every flipped bit of its text', async () => {
    const bytes = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at)
        expect(await verdictOf(changed.toString('utf8'))).to.equal('ANCHOR_INVALID')
      }),
      { numRuns: 200 },
    )
  })

  it('rejects a bent value in every single field, under the old digest', async () => {
    for (const path of leaves(anchor)) {
      expect(await verdictOf(writeAnchor(bent(path, 1))), path.join('.')).to.equal('ANCHOR_INVALID')
    }
  })

  it('rejects other texts of the same anchor, and other versions', async () => {
    const others = {
      compact: JSON.stringify(JSON.parse(text)),
      'no newline': text.trimEnd(),
      'another order': JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()), null, 2),
      'a key twice': text.replace('{', '{\n  "format": "fairlead-anchor/2",'),
      'a field too many': text.replace('{', '{\n  "note": "",'),
      'another version': text.replace('fairlead-anchor/2', 'fairlead-anchor/1'),
      nothing: '',
      'no object': 'null',
      'a bundle': bundleFixture(INDEX),
    }
    for (const [what, other] of Object.entries(others)) expect(await verdictOf(other), what).to.equal('ANCHOR_INVALID')
  })

  /** A leaf with one bit flipped; addresses keep their checksum. */
  function bent(path: Path, bit: number, of = anchor): Anchor {
    const changed = flip(of, path, bit)
    const parent = path.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), changed)
    const key = path.at(-1) ?? ''
    const leaf: unknown = Reflect.get(Object(parent), key)
    if (typeof leaf === 'string' && /^0x[0-9a-fA-F]{40}$/.test(leaf))
      Reflect.set(Object(parent), key, getAddress(leaf.toLowerCase()))
    return changed
  }
  /** Somebody vouches for other content: its digest is made anew. */
  function vouched(path: Path, bit: number): Promise<Verdict | string> {
    const parsed = AnchorBody.safeParse(JSON.parse(jsonText(body(bent(path, bit, single)))))
    if (!parsed.success) return Promise.resolve('ANCHOR_INVALID')
    return verdictOf(writeAnchor(withDigest(parsed.data)))
  }

  const single = anchorFixture(INDEX, INDEX)
  /** What no bundle rests on: when the anchor was read, and where its epoch began before the batch. */
  const isApart = (path: Path): boolean =>
    path[0] === 'block' || path[0] === 'accepted' || (path[0] === 'epochs' && path.at(-1) === 'firstBatch')

  it('never passes a bundle when a field that it rests on is bent, even under a new digest', async () => {
    for (const path of leaves(body(single)).filter((each) => !isApart(each))) {
      for (const bit of [0, 7, 41])
        expect(await vouched(path, bit), `${path.join('.')}, bit ${bit}`).not.to.equal('good')
    }
  })

  it('is another anchor, with another digest, when a field is bent that the bundle does not rest on', async () => {
    for (const path of leaves(anchor).filter(isApart)) {
      const parsed = AnchorBody.safeParse(JSON.parse(jsonText(body(bent(path, 0)))))
      if (parsed.success) expect(withDigest(parsed.data).digest, path.join('.')).not.to.equal(anchor.digest)
    }
  })

  it('is made only of accepted batches, from the epoch of the first on', async () => {
    const shapes: Record<string, object> = {
      'a record too many': { accepted: 4n },
      'no record': { records: [] },
      'an empty record': { records: [`0x${'00'.repeat(32)}`] },
      'no epoch': { epochs: [] },
      'an epoch that begins later': { firstBatch: 0n, epochs: anchor.epochs.slice(1) },
    }
    for (const [what, change] of Object.entries(shapes)) {
      const { success } = AnchorBody.safeParse(JSON.parse(jsonText({ ...body(anchor), ...change })))
      expect(success, what).to.equal(false)
    }
  })

  it('names what is wrong with an epoch', async () => {
    const failuresOf = async (epochs: Anchor['epochs']): Promise<(string | undefined)[]> =>
      (await report(checkAnchor({ ...anchor, epochs }))).failures.map(({ name }) => name)
    const [first, second] = anchor.epochs
    if (!first || !second) throw new Error('the fixture has two epochs')
    expect(await failuresOf([first, { ...second, firstBatch: 0n }])).to.include('epoch-sequence')
    expect(await failuresOf([second, first])).to.include('epoch-sequence')
    expect(await failuresOf([first, { ...second, firstBatch: 9n }])).to.include('epoch-sequence')
    expect(await failuresOf([first, { ...second, policyHash: first.policyHash }])).to.deep.equal(['policy-hash'])
    expect(await failuresOf([first, { ...second, seed: first.seed }])).to.deep.equal(['epoch-seed'])
    for await (const { name } of checkAnchor(anchor)) expect(CHECKS).to.have.property(name)
  })

  describe('of epochs that ended, began anew or were sealed', () => {
    const checks = async (change: Partial<AnchorBody>) => {
      const parsed = AnchorBody.safeParse(JSON.parse(jsonText({ ...body(anchor), ...change })))
      if (!parsed.success) return ['ANCHOR_INVALID']
      return (await report(checkAnchor(withDigest(parsed.data)))).failures.map(({ name, at }) => `${name} ${at}`)
    }
    const [first, second] = anchor.epochs
    if (!first || !second) throw new Error('the fixture has two epochs')
    const given = { ...first, abandoned: true, end: 3n }

    it('takes an abandoned epoch where the next one begins, and nowhere else', async () => {
      expect(await checks({ epochs: [given, second] })).to.deep.equal([])
      expect(await checks({ epochs: [{ ...given, end: 2n }, second] })).to.include('epoch-sequence firstBatch')
      expect(await checks({ epochs: [{ ...given, end: 9n }, second] })).to.include('epoch-sequence end')
      expect(await checks({ epochs: [{ ...first, abandoned: true }, second] })).to.deep.equal(['ANCHOR_INVALID'])
      expect(await checks({ epochs: [{ ...given, abandoned: false }, second] })).to.deep.equal(['ANCHOR_INVALID'])
      const last = { ...second, abandoned: true, end: 5n }
      expect(await checks({ epochs: [first, last] })).to.deep.equal([])
      expect(await checks({ epochs: [first, { ...last, end: 4n }] })).to.deep.equal(['epoch-sequence end'])
      expect(await checks({ epochs: [first, { ...last, end: 6n }] })).to.deep.equal(['epoch-sequence end'])
    })

    it('takes an epoch that was never open only where it was given up', async () => {
      const { seedBlockHash: _, ...waiting } = { ...given, epoch: 2n, firstBatch: 3n, seed: 0n }
      expect(await checks({ epochs: [given, waiting, { ...second, epoch: 3n, seed: 0n }] })).to.deep.equal([
        'epoch-seed undefined',
      ])
      const { abandoned: __, end: ___, ...open } = waiting
      expect(await checks({ epochs: [given, { ...open, abandoned: false }] })).to.deep.equal(['ANCHOR_INVALID'])
    })

    it('takes the reset state only after an abandonment', async () => {
      expect(await checks({ epochs: [given, { ...second, fromReset: true }] })).to.deep.equal([])
      expect(await checks({ epochs: [first, { ...second, fromReset: true }] })).to.include('epoch-sequence fromReset')
    })

    it('takes a seal of each batch of a sealed epoch, and of no other', async () => {
      const sealed = [first, { ...second, sealedMode: true }]
      const seals = [3n, 4n].map((index) => ({ index, blockHash: hex32(index) }))
      expect(await checks({ epochs: sealed, seals })).to.deep.equal([])
      const others = [[], seals.slice(1), seals.toReversed(), [...seals, { index: 5n, blockHash: hex32(5n) }]]
      for (const other of others)
        expect(await checks({ epochs: sealed, seals: other })).to.deep.equal(['ANCHOR_INVALID'])
      expect(await checks({ epochs: [first, second], seals })).to.deep.equal(['ANCHOR_INVALID'])
    })
  })

  for (const [what, way] of Object.entries({
    sealed: { sealed: true },
    reset: { reset: true },
    reduced: { reduced: {} },
  }))
    describe(`of a ledger with a ${what} epoch`, () => {
      const ledger = buildLedger(way)
      const indices = [...ledger.batches.keys()]
      const whole = anchorFixture(0, indices.length - 1, ledger)
      const bundles = indices.map((index) => parseJson(bundleFixture(index, ledger)))
      const verdict = async (against: Anchor): Promise<string> => {
        const parsed = AnchorBody.safeParse(JSON.parse(jsonText(body(against))))
        if (!parsed.success) return 'ANCHOR_INVALID'
        const context = { anchor: withDigest(parsed.data) }
        return (await report(auditBundles(bundles, context, { verifyProofs: hashProof }))).verdict
      }

      it('lets its bundles verify, with no chain', async () => expect(await verdict(whole)).to.equal('good'))

      it('catches a flip of every field that tells of it, even under a new digest', async () => {
        const tells = ['abandoned', 'end', 'fromReset', 'sealedMode']
        const paths = leaves(body(whole)).filter(
          (path) => path[0] === 'seals' || path.includes('multipliers') || tells.includes(String(path.at(-1))),
        )
        expect(paths.length).to.be.at.least(6)
        for (const path of paths) expect(await verdict(bent(path, 1, whole)), path.join('.')).to.not.equal('good')
      })
    })

  it('tells multipliers only where one is below 256, and lets no epoch be multiplied otherwise', async () => {
    const ledger = buildLedger({ reduced: {} })
    const whole = anchorFixture(0, 5, ledger)
    expect(whole.epochs.map(({ multipliers }) => multipliers)).to.deep.equal([undefined, undefined, REDUCED])
    const reads = (change: object) => {
      const epochs = whole.epochs.map((epoch, i) => (i === 2 ? { ...epoch, ...change } : epoch))
      return AnchorBody.safeParse(JSON.parse(jsonText({ ...body(whole), epochs })))
    }
    expect(reads({ multipliers: [256n, 256n, 256n, 256n] }).success).to.equal(false)
    const failures = async (multipliers: readonly bigint[]) => {
      const { data } = reads({ multipliers })
      if (!data) return 'ANCHOR_INVALID'
      return (await report(checkAnchor(withDigest(data)))).failures.map(({ name }) => name)
    }
    expect(await failures([256n, 247n, 251n, 256n])).to.deep.equal(['epoch-multipliers'])
    expect(await failures([256n, 248n, 251n])).to.deep.equal(['epoch-multipliers'])
    expect(await failures([300n, 248n, 251n, 256n])).to.deep.equal(['epoch-multipliers'])
    // Stripped, the words are others than the proof's.
    const { multipliers: _, ...bare } = whole.epochs[2] ?? expect.fail()
    const stripped = withDigest({ ...body(whole), epochs: [...whole.epochs.slice(0, 2), bare] })
    const audited = await report(auditBundle(parseJson(bundleFixture(5, ledger)), { anchor: stripped }, hashProof))
    expect(audited.failures.map(({ name }) => name)).to.include('bundle-epoch')
    const bent = buildLedger({ reduced: { words: [256n, 240n, 251n, 256n] } })
    expect((await catchError(async () => anchorFixture(0, 5, bent))).code).to.equal('ANCHOR_INVALID')
  })

  it('is not made without a key', async () => {
    const { config, epochs, batches } = ledgerFixture()
    const keyless = epochs.map((epoch) => ({
      ...epoch,
      verifiers: epoch.verifiers.map((verifier) => ({ ...verifier, keyWords: undefined })),
    }))
    const records = batches.map(({ record }) => record)
    const source = { config, block: anchor.block, accepted: 5n, firstBatch: 0n, records, epochs: keyless }
    expect((await catchError(() => makeAnchor(source))).code).to.equal('KEY_UNKNOWN')
  })
})

const body = ({ digest: _, ...rest }: Anchor): AnchorBody => rest
