import { CodedError } from '../base/error.ts'

/** Failures of the service that its callers can act on; the HTTP edge maps each code to one status. */
export class ServiceError extends CodedError<
  | 'BATCH_NOT_FOUND'
  | 'BATCH_NOT_CLOSED'
  | 'PROOF_JOB_OVER'
  | 'DATA_DIR_LOCKED'
  | 'DATA_DIR_MISMATCH'
  | 'DATABASE_UNREACHABLE'
  | 'CHAIN_UNREACHABLE'
  | 'CHAIN_MISMATCH'
  | 'CONFIG_INVALID'
  | 'LEASE_LOST'
  | 'NOT_READY'
> {}
