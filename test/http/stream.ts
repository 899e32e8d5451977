import { expect } from 'chai'
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import { StreamFrame } from '../../src/http/schema/events.ts'
import type { World } from './world.ts'

export interface OpenedStream {
  readonly headers: Headers
  /** The next event, held to its schema; `undefined` at the end of the stream. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what was just checked.
  next(): Promise<any>
  close(): void
}

/** Opens a stream as a reader would. @param from what it says it has seen. */
export async function openStream(
  { listening: { url }, retail }: Pick<World, 'listening' | 'retail'>,
  path: string,
  { token = retail, from }: { token?: string | null; from?: string | bigint } = {},
): Promise<OpenedStream> {
  const stop = new AbortController()
  const headers = {
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    ...(from === undefined ? {} : { 'Last-Event-ID': `${from}` }),
  }
  const response = await fetch(new URL(path, url), { headers, signal: stop.signal })
  expect(response.status, response.status === 200 ? '' : await response.text()).to.equal(200)
  expect(response.headers.get('Content-Type')).to.equal('text/event-stream')
  const reader = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader()
  return {
    headers: response.headers,
    async next() {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      return done || !value ? undefined : frameOf(value)
    },
    close: () => stop.abort(),
  }
}

const frameOf = ({ id, event, data }: EventSourceMessage) => StreamFrame.parse({ id, event, data: JSON.parse(data) })
