import { ProverError } from '../error.ts'

/** The longest head of a frame, bytes; the sidecar has the same bound. */
export const MAX_HEAD = 2 ** 20
/** The longest body of a frame, bytes; the sidecar has the same bound. */
export const MAX_BODY = 2 ** 28

/** One message of `fairlead-prover serve`: JSON, and bytes that JSON would not carry. */
export interface Frame {
  readonly head: unknown
  readonly body: Uint8Array
}

/**
 * A frame's bytes: uint32 length of the head, uint32 length of the body (little endian), head (UTF-8 JSON), body. In two parts, as the body may be large.
 * @throws ProverError PROOF_FAILED over the bounds.
 */
export function encodeFrame(head: object, body: Uint8Array = new Uint8Array()): [Buffer, Uint8Array] {
  const text = Buffer.from(JSON.stringify(head), 'utf8')
  if (text.length > MAX_HEAD || body.length > MAX_BODY) throw new ProverError('PROOF_FAILED', 'a frame is too long')
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(text.length, 0)
  lengths.writeUInt32LE(body.length, 4)
  return [Buffer.concat([lengths, text]), body]
}

/** Puts frames together from the pieces in which a pipe brings them. */
export class FrameReader {
  #pieces: Buffer[] = []
  #length = 0

  /**
   * @returns the frames that this piece completes.
   * @throws ProverError PROVER_CRASHED for a frame over the bounds or a head that is no JSON: the other side speaks something else.
   */
  push(piece: Buffer): Frame[] {
    this.#pieces.push(piece)
    this.#length += piece.length
    const frames: Frame[] = []
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame)
    return frames
  }

  #next(): Frame | undefined {
    if (this.#length < 8) return undefined
    const lengths = this.#peek(8)
    const [headLength, bodyLength] = [lengths.readUInt32LE(0), lengths.readUInt32LE(4)]
    if (headLength > MAX_HEAD || bodyLength > MAX_BODY) throw foreign()
    const total = 8 + headLength + bodyLength
    if (this.#length < total) return undefined
    const whole = this.#peek(total)
    this.#pieces = [whole.subarray(total)]
    this.#length -= total
    return { head: parseHead(whole.toString('utf8', 8, 8 + headLength)), body: whole.subarray(8 + headLength, total) }
  }

  /** All that came, in one piece, at least `count` bytes long when so many came. */
  #peek(count: number): Buffer {
    const [first = Buffer.alloc(0)] = this.#pieces
    if (first.length >= count) return first
    const joined = Buffer.concat(this.#pieces)
    this.#pieces = [joined]
    return joined
  }
}

function parseHead(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw foreign()
  }
}

const foreign = () => new ProverError('PROVER_CRASHED', 'the native prover sent what is no frame')
