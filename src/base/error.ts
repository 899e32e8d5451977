/**
 * The base of every error that Fairlead throws on purpose.
 *
 * A subclass names its closed union of codes: `class PolicyError extends CodedError<'POLICY_INVALID'> {}`. Codes are the stable interface
 * (HTTP problem types, CLI output, tests); messages are for people and may change. A message never holds a private field.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  /** Facts for the reader, safe to publish: expected and found values, indices, limits. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: Code, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.details = options.details ?? {}
  }
}

/** `OUT_OF_RANGE`: a number is outside the range that its place allows. */
export class OutOfRangeError extends CodedError<'OUT_OF_RANGE'> {}

/** `SHAPE_MISMATCH`: lists, words or paths do not have the lengths that belong together: a caller's bug, or a file from another shape. */
export class ShapeError extends CodedError<'SHAPE_MISMATCH'> {}
