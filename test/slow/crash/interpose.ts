/** Stands between the service and what it writes to, and kills the process at a named write: the service itself knows nothing of it. */
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { Interface, JsonRpcProvider, Transaction } from 'ethers'
import pg from 'pg'
import { POLICY_REGISTRY_ABI, ROUTING_LEDGER_ABI } from '../../../src/chain/abi.ts'
import { FILE_WRITES, type Moment, nameOf } from './writes.ts'

/** Where to die. */
export interface Aim {
  readonly write: string
  readonly moment: Moment
  /** Which of the writes of that name; the first by default. */
  readonly nth?: number
}

export interface Interposed {
  readonly aim?: Aim | undefined
  /** Told of each write when it is durable. */
  wrote(name: string): void
  /** Told of a write that has no name. */
  unnamed(what: string): void
}

export function interpose(options: Interposed): void {
  const { aim } = options
  let left = aim?.nth ?? 1
  const reach = (write: string, moment: Moment): void => {
    if (aim?.write === write && aim.moment === moment && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
  const before = (name: string): void => reach(name, 'before')
  const after = (name: string): void => {
    reach(name, 'after')
    options.wrote(name)
  }
  interposeStore({ before, after, unnamed: options.unnamed })
  interposeFiles({ before, after })
  interposeChain({ before, after })
}

interface Around {
  before(name: string): void
  after(name: string): void
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown

function interposeStore({ before, after, unnamed }: Around & Pick<Interposed, 'unnamed'>): void {
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const { query } = prototype
  /** Writes of the transaction that a client is in. */
  const pending = new WeakMap<pg.Client, string[]>()
  prototype.query = function (...args) {
    const { text, values } = statementOf(args)
    let names: string[] = []
    try {
      const name = nameOf(text, values)
      if (name !== undefined) {
        before(name)
        names = [name]
      }
    } catch (error) {
      unnamed(String(error))
    }
    const inside = pending.get(this)
    if (/^begin$/i.test(text)) pending.set(this, [])
    else if (/^(commit|rollback)$/i.test(text)) {
      pending.delete(this)
      if (/^commit$/i.test(text)) names = inside ?? []
    } else if (inside) {
      inside.push(...names)
      names = []
    }
    return whenDone(query, this, args, () => names.forEach(after))
  }
}

/** Runs a query and calls back when it has succeeded, ahead of who asked. */
function whenDone(query: Query, client: pg.Client, args: unknown[], done: () => void): unknown {
  const callback = args.at(-1)
  if (typeof callback === 'function')
    return query.apply(client, [
      ...args.slice(0, -1),
      (error: unknown, result: unknown) => {
        if (!error) done()
        callback(error, result)
      },
    ])
  const running = query.apply(client, args)
  return running instanceof Promise
    ? running.then((result: unknown) => {
        done()
        return result
      })
    : running
}

function statementOf([query, values]: unknown[]): { text: string; values: readonly unknown[] } {
  if (typeof query === 'string') return { text: query, values: Array.isArray(values) ? values : [] }
  const { text, values: own } = Object(query) as { text?: string; values?: unknown[] }
  return { text: text ?? '', values: own ?? (Array.isArray(values) ? values : []) }
}

function interposeFiles({ before, after }: Around): void {
  const { rename } = fs
  const replaced: typeof rename = async (from, to) => {
    const name = FILE_WRITES.find((file) => file === basename(String(to)))
    if (name) before(name)
    await rename(from, to)
    if (name) after(name)
  }
  Object.assign(fs, { rename: replaced })
  // Who imported it by name sees the change too.
  syncBuiltinESMExports()
}

const CALLS = new Interface(
  [...ROUTING_LEDGER_ABI, ...POLICY_REGISTRY_ABI].filter((line) => line.startsWith('function')),
)

function interposeChain({ before, after }: Around): void {
  const { send } = JsonRpcProvider.prototype
  JsonRpcProvider.prototype.send = async function (method: string, params: unknown[] | Record<string, unknown>) {
    if (method !== 'eth_sendRawTransaction' || !Array.isArray(params)) return send.call(this, method, params)
    const { to, data } = Transaction.from(String(params[0]))
    const name = to === null ? 'deploy' : (CALLS.getFunction(data.slice(0, 10))?.name ?? 'deploy')
    before(name)
    const answer: unknown = await send.call(this, method, params)
    after(name)
    return answer
  }
}
