import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { getAddress } from 'ethers'
import fc from 'fast-check'
import type { Anchor } from '../../src/audit/anchor-schema.ts'
import { auditBundle, type BundleContext } from '../../src/audit/bundle.ts'
import { circuitName } from '../../src/audit/circuit-name.ts'
import { parseJson } from '../../src/audit/json-text.ts'
import { type AuditReport, report } from '../../src/audit/report.ts'
import { POLICY_KINDS } from '../../src/policy/policy.ts'
import { loadCatalog } from '../../src/proof/catalog.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { catchError } from '../helpers/catch-error.ts'
import { anchorFixture, bundleFixture } from './bundle-fixture.ts'
import { flip, leaves, type Path } from './flip.ts'
import { hashProof } from './ledger-fixture.ts'

const INDEX = 1
/** A field of the bundle, lists without their positions: `statement.fees`. */
const fieldOf = (path: Path): string => path.filter((key) => typeof key === 'string').join('.')

/** Points of the curve, as a proof has them: generators. */
const CURVE_POINTS = [
  1n,
  2n,
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
  1n,
  2n,
]

/** Decimal text becomes a value whose bits can be flipped. */
const revive = (_: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value

describe('auditBundle', () => {
  const text = bundleFixture(INDEX)
  const bundle: unknown = JSON.parse(text)
  const anchor = anchorFixture()
  const audit = (input: unknown, against: BundleContext = { anchor }): Promise<AuditReport> =>
    report(auditBundle(input, against, hashProof))
  const firstFailure = async (input: unknown, against?: BundleContext): Promise<string | undefined> =>
    (await audit(input, against)).failures[0]?.name

  it('passes honest bundles of full, partial and empty batches in two epochs', async () => {
    for (const index of [0, 1, 2, 3, 4]) {
      const { verdict, failures, unchecked } = await audit(parseJson(bundleFixture(index)))
      expect([verdict, failures, unchecked]).to.deep.equal(['good', [], []])
    }
  })

  it('passes the same bundles against an anchor of their batch alone', async () => {
    for (const index of [0, 1, 2, 3, 4]) {
      const { verdict } = await audit(parseJson(bundleFixture(index)), { anchor: anchorFixture(index, index) })
      expect(verdict).to.equal('good')
    }
  })

  /** For an audit without an anchor, which knows no key: a proof of points, whose pairing nobody checks. */
  const alone = JSON.parse(text, revive)
  alone.proof.words = CURVE_POINTS

  /** The guide's table: each field of a bundle, and the check that must be the first to name it when a bit of it is flipped. */
  const guide = readFileSync(join(packageRoot(), 'docs', 'guides', 'audit.md'), 'utf8')
  const named = new Map(
    [...guide.matchAll(/^\| (`.+`) \| .* \| ((?:`[a-z-]+`(?:, )?)+) \|$/gm)].flatMap(([, fields = '', checks = '']) =>
      [...fields.matchAll(/`([\w.]+)`/g)].map(([, field = '']) => [field, checks] as const),
    ),
  )

  it('has a row in the guide for each field of a bundle, and no other', () => {
    const fields = new Set(leaves(JSON.parse(bundleFixture(0))).map(fieldOf))
    expect([...named.keys()].sort()).to.deep.equal([...fields].sort())
  })

  /** One bit of a leaf flipped; decimal text by its value, which is canonical text again. */
  const bent = (path: Path, bit: number): unknown => flip(JSON.parse(text, revive), path, bit)
  /** What a table of firsts leaves out: a value that has no place in the field. */
  const NO_PLACE = 'bundle-form'

  it('names, with an anchor, the check of the guide first when a bit of any field is flipped', async () => {
    for (const path of leaves(bundle)) {
      const field = fieldOf(path)
      for (const bit of [0, 5, 37]) {
        const { verdict, failures } = await audit(wire(bent(path, bit)))
        expect(verdict, `${path.join('.')}, bit ${bit}`).to.equal('violated')
        const first = failures[0]?.name
        if (first !== NO_PLACE) expect(named.get(field), `${path.join('.')}, bit ${bit}`).to.include(`\`${first}\``)
      }
    }
  })

  it('rejects any flipped bit of any field, with an anchor and without', async () => {
    const paths = leaves(bundle)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(255), async (path, bit) => {
        expect((await audit(wire(bent(path, bit)))).verdict, path.join('.')).to.equal('violated')
        const lone = wire(flip(alone, path, bit))
        expect((await audit(lone, {})).verdict, `${path.join('.')} alone`).to.equal('violated')
      }),
      { numRuns: 80 },
    )
  })

  it('rejects every flipped bit of its text', async () => {
    const bytes = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at)
        expect((await audit(parseJson(changed.toString('latin1')))).verdict).to.equal('violated')
      }),
      { numRuns: 150 },
    )
  })

  /** The same value in another spelling. */
  const respellings: Record<string, (value: string) => string[]> = {
    'a decimal string': (value) =>
      [`0${value}`, `+${value}`, `${value}.0`, `${value}e0`, ` ${value}`, `0x${BigInt(value).toString(16)}`].map(quote),
    hex: (value) => [value.toUpperCase(), value.slice(2), `0x00${value.slice(2)}`, `${value} `].map(quote),
  }
  it('rejects every other spelling of a value', async () => {
    for (const path of leaves(bundle)) {
      const value = path.reduce<unknown>((node, key) => Reflect.get(Object(node), key), bundle)
      if (typeof value !== 'string' || fieldOf(path) === 'circuit') continue
      const spell = respellings[value.startsWith('0x') ? 'hex' : 'a decimal string']
      for (const other of spell?.(value) ?? []) {
        if (other === quote(value)) continue
        const input = structuredClone(bundle)
        const parent = path.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), input)
        Reflect.set(Object(parent), path.at(-1) ?? '', JSON.parse(other))
        expect(await firstFailure(input), `${path.join('.')} as ${other}`).to.equal('bundle-form')
      }
    }
  })

  it('rejects another circuit by name', async () => {
    const circuits = {
      'two-choice-4-9': 'statement-hash',
      'two-choice-5-8': 'statement-form',
      'round-robin-4-8': 'bundle-circuit',
      'two-choice-4-65536': NO_PLACE,
      'two-Choice-4-8': NO_PLACE,
    }
    for (const [circuit, check] of Object.entries(circuits))
      expect(await firstFailure({ ...Object(bundle), circuit }), circuit).to.equal(check)
  })

  it('rejects text that JSON readers read in two ways, and takes white space as it comes', async () => {
    const pretty = JSON.stringify(bundle, null, 2)
    expect((await audit(parseJson(pretty))).verdict).to.equal('good')
    const spellings = {
      'a key twice': text.replace('{', '{"index":"7",'),
      'an escape': text.replace('two-choice', '\\u0074wo-choice'),
      'a fraction': text.replace(/"count":(\d+)/, '"count":$1.0'),
      'an exponent': text.replace(/"count":(\d+)/, '"count":$1e0'),
      'minus zero': text.replace(/"deferred":\d+/, '"deferred":-0'),
    }
    for (const [what, other] of Object.entries(spellings)) {
      expect(other, what).not.to.equal(text)
      expect(await firstFailure(parseJson(other)), what).to.equal('bundle-form')
    }
  })

  it('rejects a field too many or too few, anywhere', async () => {
    for (const where of ['', 'statement', 'proof']) {
      const inside = (input: unknown): object => Object(where === '' ? input : Reflect.get(Object(input), where))
      const more = structuredClone(bundle)
      Reflect.set(inside(more), 'note', 'all is well')
      expect(await firstFailure(more)).to.equal('bundle-form')
      for (const key of Object.keys(inside(bundle))) {
        const fewer = structuredClone(bundle)
        Reflect.deleteProperty(inside(fewer), key)
        expect(await firstFailure(fewer), `${where} without ${key}`).to.equal('bundle-form')
      }
    }
  })

  it('rejects a bundle of another batch of the same ledger under this index', async () => {
    const records = anchor.records.map((record, i) => (i === INDEX ? (anchor.records[0] ?? record) : record))
    const { failures } = await audit(bundle, { anchor: { ...anchor, records } })
    expect(failures.map(({ name, at }) => [name, at])).to.deep.equal([['bundle-chain', 'record']])
  })

  it('rejects a batch that the chain was asked for and does not have', async () => {
    const { failures } = await audit(bundle, { anchor: 'not accepted' })
    expect(failures.map(({ name, at }) => [name, at])).to.deep.equal([['bundle-chain', 'acceptance']])
  })

  it('rejects a proof of another key than the epoch has, whatever else fits', async () => {
    const epochs = anchor.epochs.map((epoch) => ({
      ...epoch,
      verifiers: epoch.verifiers.map((verifier) => ({ ...verifier, slots: 16 })),
    }))
    expect(await firstFailure(bundle, { anchor: { ...anchor, epochs } })).to.equal('verifier-id')
  })

  /** Anchors of an honest chain that end before the batch, or begin after it. */
  const others: Record<string, Anchor> = {
    'begins after it': anchorFixture(3, 4),
    'ends before it': anchorFixture(0, 0),
    'is older': { ...anchorFixture(0, 0), accepted: 1n },
  }
  for (const [what, other] of Object.entries(others)) {
    it(`has no verdict against an anchor that ${what}, unless the bundle is wrong in itself`, async () => {
      const { verdict, failures, unchecked } = await audit(bundle, { anchor: other })
      expect([verdict, failures]).to.deep.equal(['unchecked', []])
      expect(unchecked.map(({ name }) => name)).to.deep.equal(['bundle-chain'])
      expect((await audit(wire(bent(['statement', 'time'], 3)), { anchor: other })).verdict).to.equal('violated')
    })
  }

  it('finds a bundle alone internally consistent, and says what it could not check', async () => {
    const { verdict, failures, unchecked } = await audit(wire(alone), {})
    expect([verdict, failures]).to.deep.equal(['unchecked', []])
    expect(unchecked.map(({ name }) => name)).to.deep.equal(['proof', 'bundle-epoch', 'bundle-chain'])
  })

  it('has no verdict on what the service says of a batch, which is no bundle', async () => {
    for (const state of ['proven', 'accepted']) {
      const error = await catchError(() => audit({ ...Object(bundle), state }))
      expect(error.code).to.equal('BUNDLE_INCOMPLETE')
    }
  })

  it('rejects what is no bundle at all', async () => {
    for (const junk of [undefined, null, 7, [], {}, { index: '1' }]) {
      expect(await firstFailure(junk)).to.equal('bundle-form')
    }
  })

  it('names circuits as the catalog does', () => {
    for (const [name, { kind, shards, slots }] of Object.entries(loadCatalog().circuits)) {
      const known = POLICY_KINDS.find((each) => each === kind) ?? expect.fail(`${kind} is no kind`)
      expect(circuitName({ kind: known, shards, slots })).to.equal(name)
    }
  })
})

const quote = (value: string): string => JSON.stringify(value)
/** Back to what JSON holds. */
const wire = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : checksummed(item))))
/** Addresses keep their checksum when they are bent. */
const checksummed = (item: unknown): unknown =>
  typeof item === 'string' && /^0x[0-9a-fA-F]{40}$/.test(item) ? getAddress(item.toLowerCase()) : item
