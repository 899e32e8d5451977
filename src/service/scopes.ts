import { z } from 'zod'

/** What an API key may do, with the sentence that the documentation has for it. */
export const SCOPES = {
  'orders:write': 'send orders',
  'orders:read': 'receipts of the orders that this key sent, and their events',
  'orders:read-all': 'receipts of everybody’s orders, and batches before they are public: for operators and auditors',
  'batches:read': 'batches, proofs, policy, shards and counts, and their events',
  'reports:write': 'send reports of a shard’s finished work, which the shard has signed',
  'proofs:write': 'ask for the proof of a batch, also of one whose proof was cancelled',
  'proofs:cancel': 'cancel proof jobs: for operators',
  'epochs:write': 'end the epoch and begin the next one: for operators',
  'metrics:read': 'metrics, from another machine',
} as const
export type Scope = keyof typeof SCOPES

/** Object.keys loses the names that the map fixes. */
export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]]
export const Scope = z.enum(SCOPE_NAMES)

/** What a trader's key needs, and no more. Who has a receipt may ask for the proof of its batch, also where an operator cancelled it. */
export const TRADER_SCOPES: readonly Scope[] = ['orders:write', 'orders:read', 'batches:read', 'proofs:write']
/** What a key needs that runs the service and looks after it, but sends no orders. */
export const OPERATOR_SCOPES: readonly Scope[] = [
  'orders:read',
  'orders:read-all',
  'batches:read',
  'proofs:write',
  'proofs:cancel',
  'epochs:write',
  'metrics:read',
]
