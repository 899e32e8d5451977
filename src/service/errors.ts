import { CodedError } from '../base/error.ts'

/**
 * Failures of the service that its callers can act on; the HTTP edge maps each code to one status.
 * - `BATCH_NOT_FOUND`, `BATCH_NOT_CLOSED`: there is no such batch, or it still takes orders.
 * - `EPOCH_CHANGE_REFUSED`: the ledger would not take the next epoch now; `details.error` has its reason, where it gave one.
 * - `REPORT_REFUSED`: a shard's report is of another epoch or signer, of a shard that does not report, or from the future.
 * - `PROOF_JOB_OVER`: there is nothing left to cancel.
 * - `DATA_DIR_LOCKED`: another process uses the folder. `DATA_DIR_MISMATCH`: folder, chain and circuit do not belong together.
 * - `DATABASE_UNREACHABLE`, `CHAIN_UNREACHABLE`: no answer. `CHAIN_MISMATCH`: another chain or ledger, or one that lost a batch for good.
 * - `CONFIG_INVALID`: a setting, or the file of the service's keys; `details.path` names it.
 * - `LEASE_LOST`: another router holds the lane. `NOT_READY`: the ledger has no open epoch, or one that begins from states which the draws of the one before have yet to tell.
 */
export class ServiceError extends CodedError<
  | 'BATCH_NOT_FOUND'
  | 'BATCH_NOT_CLOSED'
  | 'EPOCH_CHANGE_REFUSED'
  | 'REPORT_REFUSED'
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
