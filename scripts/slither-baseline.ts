import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Slither's JSON, as far as it is used. */
export const SlitherReport = z.looseObject({
  success: z.literal(true),
  results: z.looseObject({
    detectors: z.array(z.looseObject({ check: z.string(), impact: z.string(), description: z.string() })).default([]),
  }),
})

const Baseline = z.strictObject({
  findings: z.array(z.strictObject({ check: z.string(), where: z.string(), reason: z.string().min(20) })),
})

/**
 * Compares findings with `test/slither.json`, where each kind of finding that was reviewed stands with the reason why it is none. Informational ones and gas hints are left
 * to solhint and to the measured gas.
 * @returns findings without a reason, and reasons without a finding.
 */
export function judgeFindings(root: string, { results }: z.infer<typeof SlitherReport>) {
  const { findings } = Baseline.parse(JSON.parse(readFileSync(join(root, 'test/slither.json'), 'utf8')))
  const used = new Set<unknown>()
  const unknown: string[] = []
  for (const { check, impact, description } of results.detectors) {
    if (!['High', 'Medium', 'Low'].includes(impact)) continue
    const where = description.trim().split('(')[0] ?? ''
    const known = findings.find((each) => each.check === check && each.where === where)
    if (known) used.add(known)
    else unknown.push(`${check} (${impact}) ${description.trim().replaceAll(/\s+/g, ' ')}`)
  }
  const gone = findings.filter((each) => !used.has(each)).map(({ check, where }) => `${check} in ${where}`)
  return { unknown, gone }
}
