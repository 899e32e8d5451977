/**
 * Where an audit ended, in a file that the next one goes on from. Its digest finds what was cut off or bent by accident; the chain itself, asked again, finds another
 * ledger, a fork and batches that were never there. Who writes a file with a new digest is found by comparing digests, not by the file.
 */

import { toUtf8Bytes } from 'ethers'
import { z } from 'zod'
import { jsonText } from '../base/json.ts'
import { keccakBytes } from '../base/keccak.ts'
import { FieldElement, Uint } from '../base/schema.ts'
import { headHash, recordHash } from '../statement/record.ts'
import type { Carry } from './carry.ts'
import { EMPTY_LOG, logOf } from './carry.ts'
import { AuditError } from './check.ts'
import { parseJson } from './json-text.ts'
import { Account, Hash } from './scalars.ts'

/** The only version there is. */
export const STATE_FORMAT = 'fairlead-audit-state/1'

const Body = z.strictObject({
  format: z.literal(STATE_FORMAT),
  chainId: Uint(256),
  ledger: Account,
  /** The block up to which batches were looked at. */
  block: z.strictObject({ number: Uint(64), hash: Hash }),
  head: z.strictObject({
    epoch: Uint(64),
    nextIndex: Uint(64),
    state: FieldElement,
    time: Uint(64),
    orderCounter: Uint(64),
    counters: z.array(Uint(64)),
  }),
  /** Hash chain over the records of all batches that were looked at. */
  log: Hash,
  /** What the last of them is recorded as, but for the head. */
  last: z.strictObject({ orderRoot: Hash, statementHash: Hash, terms: Hash }),
  /** Every commitment that they accepted, in order. */
  accepted: z.array(FieldElement),
})
type Body = z.infer<typeof Body>

/** The state of an audit that found nothing wrong so far. */
export interface AuditState extends Body {
  readonly digest: string
}

const withDigest = (body: Body): AuditState => ({ ...body, digest: keccakBytes(toUtf8Bytes(jsonText(body))) })

/** Keeps where an audit stands. */
export function makeState(
  place: Pick<Body, 'chainId' | 'ledger' | 'block' | 'last'>,
  { head, log, accepted }: Carry,
): AuditState {
  const { chainId, ledger, block, last } = place
  return withDigest({
    format: STATE_FORMAT,
    chainId,
    ledger,
    block,
    head: { ...head, counters: [...head.counters] },
    log,
    last,
    accepted: [...accepted],
  })
}

/** The one text of a state. */
export const writeState = (state: AuditState): string => `${jsonText(state)}\n`

/** Reads a state. @throws AuditError STATE_INVALID for anything but a text that {@link writeState} gives. */
export function readState(text: string): AuditState {
  const { digest, ...rest } = Object(parseJson(text))
  const { data, error } = Body.safeParse(rest)
  if (!data) throw invalid(`${error.issues[0]?.path.join('.') || 'the whole'}: ${error.issues[0]?.message}`)
  const state = withDigest(data)
  if (state.digest !== digest) throw invalid('it was altered: its content has another digest')
  if (writeState(state) !== text) throw invalid('it is not in canonical text')
  return state
}

/** What a chain says of the batches that a state tells of. */
export interface StateEvidence {
  readonly chainId: bigint
  readonly ledger: string
  /** Hash of the block of the state's number, now. */
  readonly blockHash: string | undefined
  /** Records of all batches below `head.nextIndex`, now. */
  readonly records: readonly string[]
}

/** Holds a state against the chain before anything goes on from it. @throws AuditError STATE_INVALID. */
export function checkState(state: AuditState, { chainId, ledger, blockHash, records }: StateEvidence): Carry {
  const { head, log, last, block, accepted } = state
  if (state.chainId !== chainId || state.ledger !== ledger)
    throw invalid(`it is of ledger ${state.ledger} on chain ${state.chainId}`)
  if (blockHash !== block.hash)
    throw invalid(`block ${block.number} is another now: the chain was reorganized, or is another`)
  if (records.length !== Number(head.nextIndex))
    throw invalid(`it tells of ${head.nextIndex} batches, the chain of ${records.length}`)
  if (records.reduce(logOf, EMPTY_LOG) !== log) throw invalid('the chain records other batches than it tells of')
  const recorded = records.at(-1)
  if (recorded !== undefined && recordHash({ ...last, head: headHash(head) }) !== recorded)
    throw invalid('its head is not the one that the last batch left')
  return { head, log, accepted: new Set(accepted) }
}

/** What `why` completes: "the audit cannot go on from its state: …". Made here, thrown by the caller. */
export const invalid = (why: string): AuditError =>
  new AuditError('STATE_INVALID', `the audit cannot go on from its state: ${why}`)
