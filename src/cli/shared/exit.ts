import { CodedError } from '../../base/error.ts'

/**
 * What the process says to its caller by its exit code:
 * - `done`: it was done, and the answer is yes.
 * - `failed`: it was done, and the answer is no: an audit found something, an order got no receipt, a sample run fell short.
 * - `unable`: it could not be done: wrong arguments, nothing answers, a file is missing or malformed.
 * - `interrupted`: Ctrl-C a second time, or before there was anything to stop in order.
 */
export const EXIT = { done: 0, failed: 1, unable: 2, interrupted: 130 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * Failures of the command line itself.
 * - `USAGE`: arguments that make no sense together.
 * - `FILE_UNREADABLE`: a file or folder is missing or may not be read.
 * - `CSV_INVALID`: a row of order flow does not have the form; `details.line` says which line.
 * - `JSON_INVALID`: a file that should be JSON is not.
 * - `SERVICE_UNREACHABLE`: nothing answers at the URL, or something that is no Fairlead service.
 * - `SERVICE_REFUSED`: the service said no; `details.problem` is its code.
 * - `NOT_A_DATA_DIR`: the folder holds no Fairlead data, so it is left alone.
 * - `NO_CHALLENGE`: no contract takes the certificate: the ledger has no bond, or nobody tells where its challenges are (`--book`).
 * - `NO_WAY_OUT`: the ledger has no inbox for forced orders and no stake: nothing serves its traders but the operator.
 * - `KEY_MISSING`, `KEY_INVALID`: no private key is given, or what is given is none; it is never quoted.
 * - `CONFIRMATION_NEEDED`: something would be deleted or given up; say `--yes`.
 * - `INTERRUPTED`: Ctrl-C.
 */
export class CliError extends CodedError<
  | 'USAGE'
  | 'FILE_UNREADABLE'
  | 'CSV_INVALID'
  | 'JSON_INVALID'
  | 'SERVICE_UNREACHABLE'
  | 'SERVICE_REFUSED'
  | 'NOT_A_DATA_DIR'
  | 'NO_CHALLENGE'
  | 'NO_WAY_OUT'
  | 'KEY_MISSING'
  | 'KEY_INVALID'
  | 'CONFIRMATION_NEEDED'
  | 'INTERRUPTED'
> {}
