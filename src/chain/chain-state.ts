import { readFile, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { getBytes } from 'ethers'
import { z } from 'zod'
import { writeWhole } from '../proof/whole-file.ts'
import { ChainError } from './error.ts'
import { isAlive, type ProcessId, processId } from './process-id.ts'

/*
 * anvil writes its state file in place, so that a chain which is killed while it writes leaves half a file. Beside it lies a copy that is
 * written whole: the state after the set-up, and that of each start since. What such a state lacks are batches, whose bytes the store has.
 */
const keptPath = (stateFile: string): string => `${stateFile}.kept`
const ownerPath = (stateFile: string): string => `${stateFile}.pid`

const State = z.looseObject({ best_block_number: z.coerce.number() })
const Dump = z.object({ result: z.string().regex(/^0x([0-9a-f]{2})+$/) })
const Owner = z.tuple([z.coerce.number().int(), z.string()])

/** How long a chain whose service was killed may take to write its state and end, ms. */
const END_LIMIT_MS = 5_000
const ANSWER_LIMIT_MS = 30_000

/** Before a start: the state file is whole if any copy of it is, and the kept copy is as new. */
export async function mendState(stateFile: string): Promise<void> {
  const [found, kept] = await Promise.all([readState(stateFile), readState(keptPath(stateFile))])
  if (kept && (!found || found.height < kept.height)) await writeWhole(stateFile, kept.content)
  else if (found) await writeWhole(keptPath(stateFile), found.content)
}

/** Forgets a state that cannot be read, where nothing depends on it yet. */
export async function dropTornState(stateFile: string): Promise<void> {
  const states = await Promise.all([readState(stateFile), readState(keptPath(stateFile))])
  if (states.every((state) => !state)) await rm(stateFile, { force: true })
}

/** Keeps a running chain's state as it is now: whatever happens to the process, a later start has it. @throws ChainError `CHAIN_UNREACHABLE`. */
export async function keepState(rpcUrl: string, stateFile: string): Promise<void> {
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_dumpState', params: [] }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    const { result } = Dump.parse(await answer.json())
    await writeWhole(keptPath(stateFile), await promisify(gunzip)(getBytes(result)))
  } catch (cause) {
    throw new ChainError('CHAIN_UNREACHABLE', 'the development chain did not give its state', { cause })
  }
}

/** Notes which process writes the file. */
export async function claimState(stateFile: string, pid: number): Promise<void> {
  const owner = await processId(pid)
  await writeWhole(ownerPath(stateFile), `${owner.pid} ${owner.start}`)
}

/** Waits for the chain of a service that was killed: it ends by itself, and two must not write one file. */
export async function awaitPredecessor(stateFile: string): Promise<void> {
  const text = await readFile(ownerPath(stateFile), 'utf8').catch(() => '')
  const { data } = Owner.safeParse(text.split(' '))
  if (!data) return
  const owner: ProcessId = { pid: data[0], start: data[1] }
  const end = (signal: NodeJS.Signals): void => {
    try {
      process.kill(owner.pid, signal)
    } catch {
      // It has just ended.
    }
  }
  // Without a start time the id may be anybody's by now: then it is waited for, not ended.
  const certain = owner.start !== ''
  const giveUp = Date.now() + END_LIMIT_MS
  if (certain && (await isAlive(owner))) end('SIGTERM')
  while (await isAlive(owner)) {
    if (Date.now() > giveUp && !certain) return
    if (Date.now() > giveUp) end('SIGKILL')
    await delay(20)
  }
}

async function readState(path: string): Promise<{ content: Buffer; height: number } | undefined> {
  try {
    const content = await readFile(path)
    return { content, height: State.parse(JSON.parse(content.toString())).best_block_number }
  } catch {
    return undefined
  }
}
