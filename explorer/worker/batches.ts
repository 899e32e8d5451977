import { ClientError } from '../../src/client/error.ts'
import { BatchPage, ServiceStatus } from '../../src/client/wire.ts'
import type { BatchDigest, BatchRow } from '../wire/views.ts'
import { digestOf } from './digest.ts'
import type { Handler } from './serve.ts'
import type { Sources } from './sources.ts'

/** Batches of a page. */
const PAGE = 25

export const sight: Handler<'sight'> = (sources) => sources.sight()

/** The service's counts; `undefined` where it is left out. */
export const status: Handler<'status'> = async (sources) => {
  try {
    return await sources.transport.get('/v1/status', ServiceStatus)
  } catch (error) {
    if (sources.standsAlone) return undefined
    throw error
  }
}

/** One page, newest first: of the service, which knows open batches too, or of the chain where there is no service. */
export const batches: Handler<'batches'> = async (sources, { before }) => {
  try {
    const query = { limit: `${PAGE}`, ...(before !== undefined && { before: `${before}` }) }
    const page = await sources.transport.get('/v1/batches', BatchPage, { query })
    return { rows: page.batches, more: page.next !== undefined }
  } catch (error) {
    if (!sources.standsAlone || !(error instanceof ClientError)) throw error
    return batchesOfChain(sources, before)
  }
}

async function batchesOfChain(
  sources: Sources,
  before: bigint | undefined,
): Promise<{ rows: readonly BatchRow[]; more: boolean }> {
  const acceptances = await sources.acceptances()
  const { shards } = (await sources.reader()).config
  const below = (await acceptances.latest()).filter(({ index }) => before === undefined || index < before)
  // The events do not tell how many orders there are.
  const page = await acceptances.readAll(below.slice(-PAGE).reverse())
  return { rows: page.map((batch) => rowOf(digestOf(batch, shards))), more: below.length > PAGE }
}

const rowOf = ({ index, epoch, time, count, deferred, transaction, gasUsed }: BatchDigest): BatchRow => ({
  ...{ index, epoch, time, count, deferred, transaction, gasUsed },
  state: 'accepted',
})

/** The latest accepted batches, oldest first, from the chain. */
export const history: Handler<'history'> = async (sources, { count }) => {
  const acceptances = await sources.acceptances()
  const { shards } = (await sources.reader()).config
  const latest = (await acceptances.latest()).slice(-count)
  return (await acceptances.readAll(latest)).map((batch) => digestOf(batch, shards))
}
