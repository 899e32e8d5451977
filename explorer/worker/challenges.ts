import type { Handler } from './serve.ts'

/** The operator's stake, and all that was ever held against it, newest first, from the chain. */
export const challenges: Handler<'challenges'> = async (sources) => {
  const { events, ...rest } = await (await sources.reader()).challenges(sources.challenges)
  return { ...rest, events: [...events].reverse() }
}
