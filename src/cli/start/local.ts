import { type BootOptions, type LocalFairlead, startLocal } from '../../service/bootstrap.ts'
import { createLog } from '../../service/log.ts'
import { type Answering, type AnswerOptions, answer, assertCanListen } from '../serving/answer.ts'

/** What a local start is told: of the service, and of how it answers. */
export type ServeOptions = BootOptions & AnswerOptions

/** A local Fairlead that answers over HTTP. */
export interface Serving extends Answering {
  readonly local: LocalFairlead
  /** Opens the service again, in the latest epoch, and answers where it did. */
  reopen(): Promise<void>
  /** Ends the answers under way, then stops the service, the prover and the chain. */
  stop(): Promise<void>
}

/**
 * Starts everything and listens.
 * @throws ListenError PORT_IN_USE and others, before anything is started; whatever {@link startLocal} throws.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { logLevel = 'warn' } = options
  await assertCanListen(options)
  const log = createLog(logLevel)
  const local = await startLocal({ ...options, log })
  try {
    let answering = await answer(local.service, log, options)
    const { port } = answering.http
    const reopen = async (): Promise<void> => {
      await answering.http.close()
      answering = await answer(await local.reopen(), log, { ...options, port })
    }
    const stop = async (): Promise<void> => {
      await answering.http.close()
      await local.stop()
    }
    const { keys, keysAreNew } = answering
    return {
      ...{ local, keys, keysAreNew, reopen, stop },
      get http() {
        return answering.http
      },
    }
  } catch (error) {
    await local.stop()
    throw error
  }
}
