import type { z } from 'zod'
import { HttpError, type RequestFault } from './problem.ts'

/** Faults listed in one answer; a request with more of them learns the first. */
const MOST_FAULTS = 32

/**
 * Parses one part of a request.
 * @throws HttpError REQUEST_INVALID with a JSON pointer for each fault.
 */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown, part: RequestFault['in']): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new HttpError('REQUEST_INVALID', `the ${part} does not fit its schema`, {
    facts: { errors: faultsOf(parsed.error, part) },
  })
}

/** The issues of a failed parse by place; each unknown field is a place of its own. */
export function faultsOf(error: z.ZodError, part: RequestFault['in']): RequestFault[] {
  return error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'unknown field' }))
        : [{ path: issue.path, detail: issue.message }],
    )
    .slice(0, MOST_FAULTS)
    .map(({ path, detail }) => ({ in: part, pointer: path.map(pointerStep).join(''), detail }))
}

/** One step of a JSON pointer (RFC 6901), escaped, and cut where a caller's own field name is longer than any of ours. */
const pointerStep = (step: PropertyKey): string =>
  `/${String(step).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
