import { Command, Option } from 'commander'
import { describeFailure } from '../../audit/report.ts'
import type { ProverSettings } from '../../proof/backend/settings.ts'
import { circuitSpec, loadCatalog } from '../../proof/catalog.ts'
import { createLog } from '../../service/log.ts'
import { showFlow } from '../flow/run-flow.ts'
import { isEnding, overOrInterrupted, showEpoch } from '../serving/epochs.ts'
import { explorerLine, keyLines, type ListeningOptions, listeningOf, withListening } from '../serving/options.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { DEFAULTS } from '../shared/defaults.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { proverCommandOption, proverOption } from '../shared/options.ts'
import { port, speed } from '../shared/parse.ts'
import { note, print, printJson, type Terminal } from '../shared/terminal.ts'
import { bootView } from '../start/boot-view.ts'
import { runChaos } from '../start/chaos/run.ts'
import { flowView } from '../start/flow-view.ts'
import { eventLines, quietView } from '../start/json-view.ts'
import { type LiveView, liveView } from '../start/live-view.ts'
import { type Serving, serve } from '../start/local.ts'
import { nextSteps } from '../start/next-steps.ts'
import { auditSelf, checkSample, replaySample, type SampleResult, sampleBatches, sampleSpeed } from '../start/sample.ts'

interface StartOptions extends ListeningOptions {
  readonly chainPort: number
  readonly circuit?: string
  readonly system?: boolean
  readonly sealed?: boolean
  readonly prover: ProverSettings['backend']
  readonly proverCommand?: string
  readonly sample: boolean
  readonly chaos?: 'chain'
  readonly speed?: number
  readonly once?: boolean
  readonly json?: boolean
}

const HELP = `
Runs the whole path on this machine: local chain, contracts, store, keys, router, prover and HTTP API. Then it replays a sample of real order flow
through the API, shows each batch as the chain accepts it, audits the ledger from the chain alone, and keeps serving until Ctrl-C.
A first start builds the circuit and its dev key, which takes about a minute; later ones go on with what the data folder holds. Where Go is on the PATH it also
builds the native prover, which proves a batch of 16 shards in about the time in which snarkjs proves a tenth of it.

Ctrl-C ends in order: no more orders, the answers under way, then the service and the chain; everything is kept. Twice: at once.

--once --chaos chain plays what can go wrong on a chain instead, in a folder of its own that it deletes at the end: a reorg, a forced order, a withheld batch that is
challenged and slashed, an epoch that is abandoned and its void receipt redeemed. Exit code 0 when every honest party ended whole.

With --json, standard output has one JSON object a line: {"event":"ready"|"batch"|"flow"|"audit"|"done"|"epoch", …}, in a chaos run
"ready", "chaos", "fate" and "done".

Exit codes: 0 ended by Ctrl-C, or --once and all goals are met; 1 --once and the named goal was missed; 2 could not start.
`

export const startCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withListening(
      new Command('start')
        .description('run everything on this machine')
        .option('--once', 'end after the sample: exit code 0 when it is accepted and audited')
        .option('--no-sample', 'do not replay the sample')
        .addOption(
          new Option('--chaos <what>', 'with --once: play what can go wrong, in a folder of its own').choices([
            'chain',
          ]),
        )
        .option(
          '--speed <factor>',
          'how many times faster than it happened the sample is replayed (default: 4; 8 with batches of more than 8 orders)',
          speed,
        )
        .option('--chain-port <port>', 'port of the local chain', port, DEFAULTS.chainPort)
        .option(
          '--circuit <name>',
          'circuit of a new ledger; "fairlead circuits list" names them (default: 16 shards with the native prover, else 4)',
        )
        .option(
          '--system',
          'a new ledger gets bond, challenges, forced orders, redemption and reputation around it, which take another minute to compile the first time',
        )
        .option(
          '--sealed',
          "a new ledger's first epoch seals each batch on chain before its draws can be known: orders get a place at once, and their shards some blocks later",
        )
        .addOption(proverOption())
        .addOption(proverCommandOption()),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (options: StartOptions, command: Command) => {
      if (options.circuit !== undefined) circuitSpec(loadCatalog(), options.circuit)
      const view = options.json ? quietView : liveView(terminal.stdout)
      if (options.chaos !== undefined) {
        if (!options.once) throw new CliError('USAGE', '--chaos goes with --once')
        // It plays a chain that fails: what the service warns of then is no news.
        const logLevel = command.getOptionValueSource('logLevel') === 'default' ? 'silent' : options.logLevel
        const whole = await chaos(terminal, view, { ...options, logLevel })
        outcome.exitCode = whole ? EXIT.done : EXIT.failed
        return
      }
      const serving = await boot(terminal, view, options)
      try {
        const result = options.sample ? await showSample(terminal, view, serving, options) : undefined
        const missed = result?.checks.find(({ ok }) => !ok)
        if (missed) outcome.exitCode = EXIT.failed
        if (missed && !options.json)
          print(terminal, `FAILED ${missed.name}: expected ${missed.expected}, found ${missed.found}`)
        if (options.json) printJson(terminal, { event: 'done', ok: missed === undefined, checks: result?.checks ?? [] })
        if (options.once) return
        if (!options.json) showNextSteps(terminal, serving, options)
        await serveUntilInterrupted(terminal, view, serving, options)
        outcome.exitCode = EXIT.done
      } finally {
        view.end()
        await serving.stop()
      }
    })

function chaos(terminal: Terminal, view: LiveView, options: StartOptions): Promise<boolean> {
  const { prover: backend, proverCommand: command, chainPort, circuit, logLevel, json } = options
  return runChaos(terminal, {
    ...{ chainPort, circuit, logLevel },
    ...(json && { json }),
    log: createLog(logLevel),
    prover: { backend, command },
    onNote: (line) => (json ? note(terminal, line) : view.line(line)),
    onStep: bootView(view, terminal.interrupted),
  }).finally(() => view.end())
}

async function boot(terminal: Terminal, view: LiveView, options: StartOptions): Promise<Serving> {
  const { prover: backend, proverCommand: command, ...rest } = options
  const serving = await serve({
    ...rest,
    ...listeningOf(options),
    prover: { backend, command },
    onNote: (line) => (options.json ? note(terminal, line) : view.line(line)),
    onStep: bootView(view, terminal.interrupted),
  }).finally(() => view.end())
  // A change of epoch that the last stop interrupted.
  const { service } = serving.local
  if ((await isEnding(service)) && (await overOrInterrupted(service.over, terminal.interrupted))) await serving.reopen()
  const { http, local, keys, keysAreNew } = serving
  const { chain, deployment } = local
  const { sealedMode } = await local.service.policy()
  if (options.json) {
    const made = keysAreNew ? { keys } : {}
    printJson(terminal, {
      event: 'ready',
      url: http.url,
      rpc: chain.url,
      ledger: deployment.ledger,
      circuit: deployment.circuit,
      prover: local.prover.name,
      mode: sealedMode ? 'sealed' : 'instant',
      ...made,
    })
    return serving
  }
  print(terminal, '')
  print(terminal, `API      ${http.url} (documentation at /docs)`)
  if (options.explorer) print(terminal, explorerLine(http.url))
  print(terminal, `chain    ${chain.url}`)
  print(terminal, `ledger   ${deployment.ledger}`)
  print(terminal, `circuit  ${deployment.circuit}`)
  if (sealedMode)
    print(terminal, 'mode     sealed: an order has a place at once, and its shard with the draw of its batch')
  print(terminal, `prover   ${local.prover.health?.().message ?? local.prover.name}`)
  if (keysAreNew) {
    for (const line of keyLines(keys, options.dataDir)) print(terminal, line)
  }
  print(terminal, '')
  return serving
}

/** Replays the sample and audits the ledger, showing both. */
async function showSample(
  terminal: Terminal,
  view: LiveView,
  serving: Serving,
  options: StartOptions,
): Promise<SampleResult> {
  const { events } = serving.local.service
  const stop = options.json ? eventLines(terminal, events) : flowView(view, events)
  const { slots } = serving.local.artifacts.manifest
  const flow = await replaySample(terminal, serving, options.speed ?? sampleSpeed(slots)).finally(stop)
  if (options.json) printJson(terminal, { event: 'flow', ...flow })
  else showFlow(terminal, flow)
  const audit = await auditSelf(serving)
  if (options.json) printJson(terminal, { event: 'audit', ...audit })
  else {
    for (const failure of audit.failures.slice(0, 3)) print(terminal, `FAILED ${describeFailure(failure)}`)
    print(
      terminal,
      `audit from the chain alone: ${audit.checks} checks over ${audit.batches} batches, ${audit.failures.length} failed`,
    )
  }
  return { flow, audit, checks: checkSample(flow, audit, sampleBatches(slots)) }
}

function showNextSteps(terminal: Terminal, serving: Serving, { dataDir }: StartOptions): void {
  print(terminal, '\nTry next, in another terminal:')
  for (const step of nextSteps(serving, dataDir)) print(terminal, `  ${step}`)
  print(terminal, '\nServing. Ctrl-C ends in order, everything is kept.')
}

async function serveUntilInterrupted(
  terminal: Terminal,
  view: LiveView,
  serving: Serving,
  { json }: StartOptions,
): Promise<void> {
  for (;;) {
    const { events, over } = serving.local.service
    const stop = json ? eventLines(terminal, events) : flowView(view, events)
    const goesOn = await overOrInterrupted(over, terminal.interrupted)
    stop()
    if (!goesOn) return
    await serving.reopen()
    showEpoch(terminal, await serving.local.service.policy(), json)
  }
}
