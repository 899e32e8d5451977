import type { JobName } from '../wire/protocol.ts'
import { audit } from './audit.ts'
import { batches, history, sight, status } from './batches.ts'
import { challenges } from './challenges.ts'
import { epochs } from './epochs.ts'
import { find } from './find.ts'
import { live } from './live.ts'
import { policy } from './policy.ts'
import { receipt } from './receipt.ts'
import type { Handler } from './serve.ts'
import { verify } from './verify.ts'

/** What the worker can be asked for. */
export const JOBS: { readonly [Name in JobName]: Handler<Name> } = {
  live,
  sight,
  status,
  batches,
  history,
  verify,
  audit,
  policy,
  epochs,
  challenges,
  find,
  receipt,
}
