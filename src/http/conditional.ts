import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Reply } from './reply.ts'

const YEAR_S = 31_536_000

/**
 * Gives an answer its strong ETag, and leaves the body out when the caller has it (RFC 9110, 13.1.2). Answers are for one key's eyes; they are kept by
 * its own cache alone, and asked about each time unless they never change.
 */
export function conditional(req: Request, reply: Reply): Reply {
  const etag = `"${createHash('sha256').update(reply.body).digest('base64url').slice(0, 27)}"`
  const headers = {
    ...reply.headers,
    ETag: etag,
    'Cache-Control': reply.immutable ? `private, max-age=${YEAR_S}, immutable` : 'private, no-cache',
  }
  if (!matches(req.get('If-None-Match'), etag)) return { ...reply, headers }
  return { status: 304, body: '', headers }
}

/** Compared weakly, as the header asks for; a list of tags or `*`. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return [...header.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].some(([, tag]) => tag === etag)
}
