import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { FIELD_MODULUS, modField } from '../../../../src/base/field.ts'
import { packageRoot } from '../../../../src/proof/root.ts'
import type { BaseName } from './bases.ts'
import type { Forced, Forger } from './forger.ts'
import { EFFECTS } from './search.ts'

/** One stored forgery: which constraint of its group it breaks, from which honest batch, by which forced values. */
const Forgery = z.strictObject({
  at: z.int().nonnegative(),
  base: z.enum(['running', 'first', 'single', 'closed'] satisfies BaseName[]),
  effect: z.enum(EFFECTS),
  /** By signal: `+1` and `-1` from the honest value, else a field element, negative when near p. */
  forced: z.record(z.string(), z.string().regex(/^[+=]?-?\d+$/)),
})
export type StoredForgery = z.infer<typeof Forgery>

/** By kind and group. */
const Store = z.record(z.string(), z.record(z.string(), z.array(Forgery).min(1)))
export type ForgeryStore = z.infer<typeof Store>

const path = join(packageRoot(), 'test', 'slow', 'mutation', 'forgeries.json')

export function readForgeries(): ForgeryStore {
  return existsSync(path) ? Store.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}
}

/** One line a group, so that a diff shows which changed. */
export function writeForgeries(store: ForgeryStore): void {
  const kinds = Object.entries(store).map(([kind, groups]) => {
    const lines = Object.entries(groups)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, list]) => `    ${JSON.stringify(group)}: ${JSON.stringify(list)}`)
    return `  ${JSON.stringify(kind)}: {\n${lines.join(',\n')}\n  }`
  })
  writeFileSync(path, `{\n${kinds.join(',\n')}\n}\n`)
}

const SMALL = 1n << 16n

/** Forced values by name, as stored. */
export function encodeForced({ plan, honest }: Forger, forced: Forced): StoredForgery['forced'] {
  const encode = (wire: number, value: bigint): string => {
    const shift = signed(modField(value - (honest[wire] ?? 0n)))
    if (shift > -SMALL && shift < SMALL) return shift < 0n ? `${shift}` : `+${shift}`
    return `=${signed(value)}`
  }
  return Object.fromEntries([...forced].map(([wire, value]) => [plan.system.nameOf[wire], encode(wire, value)]))
}

/** @throws Error when the circuit has no such signal. */
export function decodeForced({ plan, honest }: Forger, forced: StoredForgery['forced']): Forced {
  return new Map(
    Object.entries(forced).map(([name, text]) => {
      const wire = plan.system.wireOf.get(name)
      if (wire === undefined) throw new Error(`the circuit has no signal ${name}`)
      const value = text.startsWith('=') ? BigInt(text.slice(1)) : (honest[wire] ?? 0n) + BigInt(text.replace('+', ''))
      return [wire, modField(value)]
    }),
  )
}

const signed = (value: bigint): bigint => (value > FIELD_MODULUS / 2n ? value - FIELD_MODULUS : value)
