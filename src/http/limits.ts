import { createHmac, randomBytes } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Request, Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from './problem.ts'

/** How much one caller may ask of one process. */
export interface RequestLimits {
  /** Requests a second of a key that has no rate of its own. Default: 1,000. */
  readonly keyRate: number
  /** Requests a second of an address without a key: health, documentation. Default: 50. */
  readonly strangerRate: number
  /** Calls a second that a key, or an address without one, may pass on to the chain. Default: 500. */
  readonly chainCalls: number
  /** Keys that do not hold, a minute and an address; after that, only keys that this process has seen to be good get through. Default: 30. */
  readonly failuresPerMinute: number
  /** Streams of events that a key may have open. Default: 8. */
  readonly streamsPerKey: number
  /** Streams of all keys. Default: 1,024. */
  readonly streams: number
}

/** What holds where the app is given no limits. Each process counts for itself, so that several allow a multiple. */
export const REQUEST_LIMITS: RequestLimits = {
  keyRate: 1_000,
  strangerRate: 50,
  chainCalls: 500,
  failuresPerMinute: 30,
  streamsPerKey: 8,
  streams: 1_024,
}

/** One line of a `RateLimit` header (draft-ietf-httpapi-ratelimit-headers). */
export interface Standing {
  readonly name: string
  readonly quota: number
  readonly windowS: number
  readonly left: number
  readonly resetMs: number
}

/** Adds a limit to the headers of an answer. */
export function tellStanding(res: Response, { name, quota, windowS, left, resetMs }: Standing): void {
  res.append('RateLimit-Policy', `"${name}";q=${quota};w=${windowS}`)
  res.append('RateLimit', `"${name}";r=${left};t=${Math.ceil(resetMs / 1000)}`)
}

/** So many in a window of time, by name of who asks. Counts live in this process and go with their window. */
export class Limiter {
  readonly #name: string
  readonly #windowS: number
  /** One for each quota: few, as operators choose them. */
  readonly #byQuota = new Map<number, RateLimiterMemory>()

  constructor(name: string, windowS: number) {
    this.#name = name
    this.#windowS = windowS
  }

  /** Counts one, or more. @throws HttpError RATE_LIMITED when the window is used up; the answer tells so either way. */
  async take(who: string, quota: number, res: Response, points = 1): Promise<void> {
    const { over, left, resetMs } = await this.#consume(who, quota, points)
    tellStanding(res, { name: this.#name, quota, windowS: this.#windowS, left, resetMs })
    if (over)
      throw new HttpError('RATE_LIMITED', `more than ${quota} ${this.#name} in ${this.#windowS} s`, {
        facts: { retryAfterMs: Math.max(1, resetMs) },
      })
  }

  /** Takes back one that should not count. */
  async giveBack(who: string, quota: number): Promise<void> {
    await this.#of(quota).reward(who)
  }

  #of(quota: number): RateLimiterMemory {
    const known = this.#byQuota.get(quota)
    if (known) return known
    const made = new RateLimiterMemory({ points: quota, duration: this.#windowS })
    this.#byQuota.set(quota, made)
    return made
  }

  async #consume(
    who: string,
    quota: number,
    points: number,
  ): Promise<{ over: boolean; left: number; resetMs: number }> {
    try {
      const { remainingPoints, msBeforeNext } = await this.#of(quota).consume(who, points)
      return { over: false, left: remainingPoints, resetMs: msBeforeNext }
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      return { over: true, left: 0, resetMs: refused.msBeforeNext }
    }
  }
}

/** Addresses share this many counters, so that no flood of addresses fills the memory. */
const SLOTS = 16_384
/** Nobody can choose whose counter to share. */
const SALT = randomBytes(16)

/** The counter of a request's address; IPv6 addresses count by their /64, which one host has whole. */
export function addressSlot(req: Request): string {
  const hash = createHmac('sha256', SALT)
    .update(networkOf(req.ip ?? ''))
    .digest()
  return String(hash.readUInt32BE(0) % SLOTS)
}

/** Exported for its tests. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[0-9.]+$)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('%', 1)[0]?.split('::') ?? []
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''))
  const missing = tail === undefined ? 0 : 8 - (front?.length ?? 0) - (back?.length ?? 0)
  return [...(front ?? []), ...new Array<string>(Math.max(0, missing)).fill('0'), ...(back ?? [])]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
