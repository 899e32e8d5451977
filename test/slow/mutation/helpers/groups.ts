import { at } from '../../../../src/base/at.ts'
import { withoutPlaces } from './names.ts'
import { type Plan, parentOf } from './plan.ts'
import { type Constraint, wiresOf } from './system.ts'

/**
 * The constraints of a circuit by the template that states them and by what they say. A group's name is the path of the component,
 * array places left out, and then one of `x =` (defines signal x), `x boolean` and `check x, y` (compares what is defined elsewhere).
 */
export function groupsOf(plan: Plan): Map<string, number[]> {
  const { system } = plan
  const defined = new Map<number, number>()
  for (const step of plan.steps) if (step.constraint !== undefined) defined.set(step.constraint, step.wire)
  const groups = new Map<string, number[]>()
  system.constraints.forEach((constraint, index) => {
    const wires = [...wiresOf(constraint)]
    const path = commonPath(wires.map((wire) => at(system.nameOf, wire)))
    const local = (wire: number) => withoutPlaces(at(system.nameOf, wire).slice(path.length))
    const target = defined.get(index)
    const names = [...new Set(wires.map(local))].sort()
    const says =
      target !== undefined
        ? `${local(target)} =`
        : isBoolean(constraint)
          ? `${names[0]} boolean`
          : `check ${names.slice(0, 3).join(', ')}`
    const key = `${withoutPlaces(path) || 'main.'} ${says}`
    groups.set(key, [...(groups.get(key) ?? []), index])
  })
  return groups
}

/** `x · (x − 1) = 0`, in either order and with either sign. */
export function isBoolean(constraint: Constraint): boolean {
  return constraint.a.wires.length > 0 && constraint.c.wires.length === 0 && wiresOf(constraint).size === 1
}

/** The deepest component that all names lie in, with the closing dot. */
function commonPath(names: readonly string[]): string {
  const paths = names.map((name) => parentOf(name).split('.'))
  const [first = []] = paths
  let depth = 0
  while (depth < first.length - 1 && paths.every((path) => path[depth] === first[depth])) depth++
  return first
    .slice(0, depth)
    .map((part) => `${part}.`)
    .join('')
}
