/** Finds forgeries anew: `npm run test:mutation:search -- [PART…]`. Keeps those that still work; for groups named by a part of their name it searches again. */
import { type ForgeryStore, readForgeries, type StoredForgery, writeForgeries } from './helpers/forgeries.ts'
import { find, mutantsOf, replay } from './helpers/mutants.ts'
import { POLICY_KINDS, Target } from './helpers/target.ts'

const parts = process.argv.slice(2)
const before = readForgeries()
const store: ForgeryStore = {}
const seen = new Set<string>()

for (const kind of POLICY_KINDS) {
  const target = await Target.load(kind)
  const groups: Record<string, StoredForgery[]> = {}
  const mutants = mutantsOf(target, seen)
  for (const { group, place } of mutants) {
    const old = before[kind]?.[group]?.find((stored) => stored.at === place)
    const kept = old && !parts.some((part) => group.includes(part)) && replay(target, group, old) === old.effect
    const found = kept ? old : find(target, { group, place })
    if (found) groups[group] = [...(groups[group] ?? []), found]
    else console.log(`survives: ${kind}: ${group} [${place}]`)
  }
  for (const { group } of mutants) seen.add(group)
  store[kind] = groups
  console.log(`${kind}: ${mutants.length} mutants in ${Math.round(performance.now() / 1000)} s`)
  writeForgeries({ ...before, ...store })
}
