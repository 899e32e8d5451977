import { z } from 'zod'
import { PROBLEMS, type ProblemCode } from '../status.ts'

export const Fault = z
  .strictObject({
    in: z.enum(['body', 'query', 'path', 'header']),
    pointer: z.string().meta({ description: 'JSON pointer (RFC 6901); empty for the whole.', example: '/size' }),
    detail: z.string(),
  })
  .meta({ id: 'Fault', description: 'One place of the request that does not fit.' })

// Object.keys loses the names that the map fixes.
const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

/** The problem document (RFC 9457); codes may bring members of their own. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ example: '/docs/errors#REQUEST_INVALID' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    instance: z.string().meta({ description: 'The path asked for.' }),
    code: z.enum(codes),
    requestId: z.string(),
    errors: z.array(Fault).optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457); `code` is the stable part.' })
