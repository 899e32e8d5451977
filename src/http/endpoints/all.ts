import type { Endpoint } from '../endpoint.ts'
import { getBatch, getBatches } from './batches.ts'
import { getBundle } from './bundle.ts'
import { getChain, postChainCalls } from './chain.ts'
import { postEpochs } from './epochs.ts'
import { getEvents, getProofEvents } from './events.ts'
import { getOrder, postOrders } from './orders.ts'
import { deleteProof, getProof, postProofs } from './proofs.ts'
import { postReports } from './reports.ts'
import { getHealth, getPolicy, getReadiness, getShards, getStatus } from './service.ts'

/** The API: routes, methods, documentation and tests are made from this list. */
export const ENDPOINTS: readonly Endpoint[] = [
  postOrders,
  getOrder,
  getBatches,
  getBatch,
  getBundle,
  postReports,
  postProofs,
  getProof,
  deleteProof,
  getProofEvents,
  getEvents,
  postEpochs,
  getPolicy,
  getShards,
  getStatus,
  getChain,
  postChainCalls,
  getHealth,
  getReadiness,
]
