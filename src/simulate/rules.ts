import { POLICY_KINDS } from '../policy/policy.ts'
import { STRIDE } from '../policy/round-robin.ts'
import { DRAWS, type Shards } from './shards.ts'

/** What picks a shard: the kinds of policy, and the rules that they are measured against. */
export const RULES = [
  ...POLICY_KINDS,
  'weighted-random',
  'smooth-round-robin',
  'least-request',
  'shortest-queue',
  'plain-two-choice',
] as const
export type RuleName = (typeof RULES)[number]

/** One way to pick a shard, -1 for none; made anew for each run, as some count. @param uniform whole numbers below 2^14. */
export type Rule = (shards: Shards, segment: 0 | 1, uniform: () => number) => number

const STEP = Number(STRIDE)

/** What each rule does, for people. */
export const RULE_TEXTS: Readonly<Record<RuleName, string>> = {
  'two-choice': 'two weighted draws, the one less loaded when the batch opened',
  'round-robin': 'weighted, in turn',
  'weighted-random': 'one weighted draw',
  'smooth-round-robin': 'smooth weighted round-robin, as nginx does it',
  'least-request': 'weight divided by backlog, as Envoy does it: the larger of two uniform draws',
  'shortest-queue': 'the shard with the least backlog now',
  'plain-two-choice': 'two uniform draws, the one less loaded now',
}

/** Begins a run under a rule. @param orders that came before it: round-robin counts them. */
export function makeRule(name: RuleName, orders = 0): Rule {
  const makers: Readonly<Record<RuleName, () => Rule>> = {
    'two-choice': () => twoChoice,
    'round-robin': () => {
      let counter = orders
      return (shards, segment) => shards.cellOf(segment, (counter++ * STEP) % DRAWS)
    },
    'weighted-random': () => (shards, segment, uniform) => shards.cellOf(segment, uniform()),
    'smooth-round-robin': smooth,
    'least-request': () => (shards, segment, uniform) => best(shards, segment, uniform, leastRequest),
    'shortest-queue': () => (shards, segment) => {
      let found = -1
      for (const j of eligible(shards, segment))
        if (found < 0 || (shards.backlog[j] ?? 0) < (shards.backlog[found] ?? 0)) found = j
      return found
    },
    'plain-two-choice': () => (shards, segment, uniform) =>
      best(shards, segment, uniform, (_, j) => -(shards.backlog[j] ?? 0)),
  }
  return makers[name]()
}

const twoChoice: Rule = (shards, segment, uniform) => {
  const first = shards.cellOf(segment, uniform())
  const second = shards.cellOf(segment, uniform())
  if (first < 0 || second < 0) return -1
  return (shards.opening[second] ?? 0) < (shards.opening[first] ?? 0) ? second : first
}

function smooth(): Rule {
  const current = new Map<number, number>()
  return (shards, segment) => {
    let sum = 0
    let found = -1
    for (const j of eligible(shards, segment)) {
      const weight = shards.effective[segment][j] ?? 0
      sum += weight
      current.set(2 * j + segment, (current.get(2 * j + segment) ?? 0) + weight)
      if (found < 0 || (current.get(2 * j + segment) ?? 0) > (current.get(2 * found + segment) ?? 0)) found = j
    }
    if (found >= 0) current.set(2 * found + segment, (current.get(2 * found + segment) ?? 0) - sum)
    return found
  }
}

const leastRequest = (shards: Shards, j: number, segment: 0 | 1): number =>
  (shards.policy.weights[segment][j] ?? 0) / (1 + (shards.backlog[j] ?? 0))

/** The better of two uniform draws among shards that are open and have weight. */
function best(
  shards: Shards,
  segment: 0 | 1,
  uniform: () => number,
  worth: (shards: Shards, j: number, segment: 0 | 1) => number,
): number {
  const list = eligible(shards, segment)
  if (list.length === 0) return -1
  const draw = (): number => list[Math.floor((uniform() * list.length) / DRAWS)] ?? -1
  const [first, second] = [draw(), draw()]
  return worth(shards, second, segment) > worth(shards, first, segment) ? second : first
}

function eligible(shards: Shards, segment: 0 | 1): number[] {
  const list: number[] = []
  const effective = shards.effective[segment]
  for (let j = 0; j < effective.length; j++) if ((effective[j] ?? 0) > 0) list.push(j)
  return list
}
