import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import type { Carry } from '../../../audit/carry.ts'
import type { Check } from '../../../audit/check.ts'
import { describeFailure } from '../../../audit/report.ts'
import { forced } from '../../../audit/steps/forced.ts'
import { jsonText } from '../../../base/json.ts'
import { ChainError } from '../../../chain/error.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { headHash } from '../../../statement/record.ts'
import { auditChain } from '../../audit/chain-run.ts'
import { type ChainOptions, chainOf, type VerifierOptions, verifierOption, withChain } from '../../audit/options.ts'
import { catchInvalidRecords, withReader } from '../../audit/read.ts'
import { keep, resume, type StateOptions } from '../../audit/state-file.ts'
import { type OpenVerifier, withVerifier } from '../../audit/verifier.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { EXIT } from '../../shared/exit.ts'
import { batchIndex, count, positive, url } from '../../shared/parse.ts'
import { note, print, printJson, type Terminal } from '../../shared/terminal.ts'

interface WatchOptions extends ChainOptions, VerifierOptions, StateOptions {
  readonly interval: number
  readonly depth?: number
  readonly patience: number
  readonly until?: bigint
  readonly webhook?: string
  readonly json?: boolean
}

/** A webhook that does not answer must not hold the news back. */
const WEBHOOK_MS = 10_000

const HELP = `
Audits what is there, then each batch as it becomes final (as many blocks deep as the ledger says, or --depth), and whether forced orders are taken in time. The first fault ends it: it is printed,
and sent to --webhook as JSON: {"ledger", "chainId", "fault": {"name", "batch", "expected", "found"}}.

Exit codes: 0 stopped by Ctrl-C, or at --until, with nothing wrong; 1 a fault; 2 could not check: nothing answered for --patience seconds.

Example:
  $ fairlead audit watch --rpc http://127.0.0.1:8545 --ledger 0x… --state audit.json --webhook https://…
`

export const watchCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('watch').description('follow a ledger, and tell of the first fault'))
      .option('--state <file>', 'go on from here, and keep here where it ended')
      .option('--begin', 'make the state file: it must not be there')
      .option('--state-digest <hash>', 'digest that the state file must have')
      .option('--depth <blocks>', "blocks that make a batch final; the ledger's by default", count)
      .option('--interval <seconds>', 'between two looks', positive, 2)
      .option('--patience <seconds>', 'how long nothing may answer', positive, 60)
      .option('--until <index>', 'end once this batch is checked', batchIndex)
      .option('--webhook <url>', 'where to send the first fault', url)
      .addOption(verifierOption()),
  )
    .addHelpText('after', HELP)
    .action(async (options: WatchOptions) => {
      const fault = await withReader(chainOf(options), (reader) =>
        withVerifier(options.verifier, (verifier) => new Watch(terminal, reader, verifier, options).run()),
      )
      outcome.exitCode = fault ? EXIT.failed : EXIT.done
    })

class Watch {
  readonly #terminal: Terminal
  readonly #reader: LedgerReader
  readonly #verifier: OpenVerifier
  readonly #options: WatchOptions
  #carry: Carry | undefined
  #block: number | undefined
  #heard = Date.now()

  constructor(terminal: Terminal, reader: LedgerReader, verifier: OpenVerifier, options: WatchOptions) {
    this.#terminal = terminal
    this.#reader = reader
    this.#verifier = verifier
    this.#options = options
  }

  /** @returns the first fault; `undefined` when it was stopped before there was one. */
  async run(): Promise<Check | undefined> {
    const { interrupted } = this.#terminal
    const { interval, until } = this.#options
    const resumed = await resume(this.#reader, this.#options)
    this.#carry = resumed?.carry
    this.#block = resumed?.block
    for (;;) {
      const fault = await this.#look()
      if (fault) return fault
      const next = this.#carry?.head.nextIndex ?? 0n
      if (interrupted.aborted || (until !== undefined && next > until)) return this.#end(next)
      await wait(1000 * interval, undefined, { signal: interrupted }).catch(() => {})
    }
  }

  #end(next: bigint): undefined {
    const { json = false } = this.#options
    if (json) printJson(this.#terminal, { ok: true, batches: next })
    else print(this.#terminal, `watched ${next} batches: nothing wrong`)
    return undefined
  }

  /** Checks what has become final since. */
  async #look(): Promise<Check | undefined> {
    try {
      const latest = await this.#reader.blockNumber()
      const toBlock = Math.max(0, latest - (this.#options.depth ?? this.#reader.config.finalityDepth))
      this.#heard = Date.now()
      if (this.#block !== undefined && toBlock < this.#block) return undefined
      if (this.#carry && (await this.#reader.head(toBlock)) === headHash(this.#carry.head))
        return await this.#forced(toBlock)
      return await this.#audit(toBlock)
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'CHAIN_UNREACHABLE') throw error
      if (Date.now() - this.#heard > 1000 * this.#options.patience) throw error
      note(this.#terminal, `nothing answers, trying again: ${error.message}`)
      return undefined
    }
  }

  /** A ledger that takes no batches takes no forced orders either: they are looked at all the same. */
  async #forced(toBlock: number): Promise<Check | undefined> {
    if (!(await this.#reader.forcedLate(toBlock))) return undefined
    const history = await this.#reader.forced(toBlock)
    const checks = history ? forced.end({ forced: history, batches: new Map() }) : []
    for (const check of checks) if (!check.ok) return this.#tell(check)
    return undefined
  }

  async #audit(toBlock: number): Promise<Check | undefined> {
    const { state } = this.#options
    let good = true
    const checks = catchInvalidRecords(() =>
      auditChain(this.#reader, {
        toBlock,
        ...(this.#carry ? { from: this.#carry, batchesFrom: this.#block } : {}),
        verifyProofs: this.#verifier.verify,
        onSettled: async (carry, last, epochs) => {
          if (!good) return
          this.#carry = carry
          this.#block = last.blockNumber
          if (state !== undefined) await keep(state, this.#reader, epochs, carry, last)
          if (!this.#options.json) print(this.#terminal, `good up to batch ${last.index}`)
        },
      }),
    )
    for await (const check of checks) {
      if (check.ok) continue
      good = false
      if (check.unchecked === undefined) return this.#tell(check)
      note(this.#terminal, `not checked: ${check.name}: ${check.unchecked}`)
      good = true
    }
    return undefined
  }

  async #tell(check: Check): Promise<Check> {
    const { json = false, webhook } = this.#options
    const { chainId, ledger } = this.#reader.config
    const news = { ledger, chainId, fault: check }
    if (json) printJson(this.#terminal, { ok: false, ...news })
    else print(this.#terminal, `FAILED ${describeFailure(check)}`)
    if (webhook !== undefined) await this.#send(webhook, jsonText(news))
    return check
  }

  async #send(webhook: string, body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(WEBHOOK_MS)
    const answer = await fetch(webhook, { method: 'POST', headers, body, signal }).catch((error: unknown) =>
      String(error),
    )
    if (typeof answer === 'string' || !answer.ok)
      note(this.#terminal, `the webhook was not told: ${typeof answer === 'string' ? answer : answer.status}`)
  }
}
