/**
 * Finds forgeries where the stored ones no longer work: `npm run test:mutation:search -- [PART…]`. Searches again for groups named by a part of their name, or
 * with `inner` for all that gain no more than a second witness.
 */
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { type ForgeryStore, readForgeries, type StoredForgery, writeForgeries } from './helpers/forgeries.ts'
import { find, mutantsOf, replay } from './helpers/mutants.ts'
import { Target } from './helpers/target.ts'

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
    const again = parts.some((part) => group.includes(part) || old?.effect === part)
    const kept = old && !again && replay(target, group, old) === old.effect
    const found = kept ? old : find(target, { group, place })
    if (found) groups[group] = [...(groups[group] ?? []), found]
    else console.log(`survives: ${kind}: ${group} [${place}]`)
  }
  for (const { group } of mutants) seen.add(group)
  store[kind] = groups
  console.log(`${kind}: ${mutants.length} mutants in ${Math.round(performance.now() / 1000)} s`)
  writeForgeries({ ...before, ...store })
}
