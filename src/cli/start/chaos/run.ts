import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditReport, describeFailure, report } from '../../../audit/report.ts'
import { unpackItems } from '../../../base/pack.ts'
import { contradiction } from '../../../order/receipt.ts'
import { type BootOptions, startLocal } from '../../../service/bootstrap.ts'
import { auditChain } from '../../audit/chain-run.ts'
import { catchInvalidRecords } from '../../audit/read.ts'
import { print, printJson, type Terminal } from '../../shared/terminal.ts'
import { type Fate, STEPS } from './steps.ts'
import { ChaosWorld, Levers } from './world.ts'

interface ChaosOptions extends Omit<BootOptions, 'dataDir' | 'clock' | 'between' | 'system'> {
  readonly json?: boolean
}

/**
 * Runs a Fairlead of its own through everything that can go wrong on chain, and tells it step by step. The operator's side is the real service; a lever holds its batches
 * back, and the chain's time is moved on where windows have to pass. Its folder goes with it.
 * @returns whether every honest party ended whole.
 */
export async function runChaos(terminal: Terminal, { json = false, ...options }: ChaosOptions): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fairlead-chaos-'))
  const levers = new Levers()
  const { clock, between } = levers
  try {
    const local = await startLocal({ ...options, dataDir, clock, between, system: true })
    try {
      const world = await ChaosWorld.open(local, levers)
      try {
        return await tellAll(terminal, world, json)
      } finally {
        world.close()
      }
    } finally {
      await local.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function tellAll(terminal: Terminal, world: ChaosWorld, json: boolean): Promise<boolean> {
  const { deployment, prover } = world.local
  if (json)
    printJson(terminal, { event: 'ready', ledger: deployment.ledger, circuit: deployment.circuit, prover: prover.name })
  else print(terminal, `\nledger ${deployment.ledger}, circuit ${deployment.circuit}; chaos on the chain, step by step`)
  const fates: Fate[] = []
  for (const [i, [step, { title, play }]] of Object.entries(STEPS).entries()) {
    if (!json) print(terminal, `\n${i + 1}. ${title}`)
    const told = await play(world, (line) => {
      if (json) printJson(terminal, { event: 'chaos', step, line })
      else print(terminal, `   ${line}`)
    })
    fates.push(...told)
  }
  fates.push(await everyReceipt(world), await auditor(world))
  const whole = fates.every(({ ok }) => ok)
  if (json) for (const fate of fates) printJson(terminal, { event: 'fate', ...fate })
  else showTable(terminal, fates)
  if (json) printJson(terminal, { event: 'done', ok: whole })
  else print(terminal, whole ? '\nevery honest party is whole' : '\nFAILED somebody is not whole')
  return whole
}

/** Holds every receipt of the run against the chain: its batch keeps it, or it is void and was redeemed. */
async function everyReceipt({ reader, receipts, voided }: ChaosWorld): Promise<Fate> {
  let kept = 0
  for await (const { index, epoch, submission } of reader.batches()) {
    const { time, commitments, assignments } = submission
    const bytes = unpackItems(assignments, 8, 31, commitments.length).map(Number)
    const batch = { epoch, index, time, commitments, assignments: bytes }
    const own = receipts.filter((receipt) => receipt.batch === index && receipt.epoch === epoch)
    kept += own.filter((receipt) => contradiction(receipt, batch) === undefined).length
  }
  const ok = kept === receipts.length - voided.size
  return { who: 'holders of all receipts', what: `${kept} kept by the chain, ${voided.size} void and redeemed`, ok }
}

async function auditor({ reader }: ChaosWorld): Promise<Fate> {
  const found: AuditReport = await report(catchInvalidRecords(() => auditChain(reader)))
  const [failure] = found.failures
  const what = `${found.checks} checks over ${found.batches} batches in ${found.epochs} epochs, ${found.failures.length} failed`
  return { who: 'auditor', what: failure ? `${what}: ${describeFailure(failure)}` : what, ok: found.ok }
}

function showTable(terminal: Terminal, fates: readonly Fate[]): void {
  const width = Math.max(...fates.map(({ who }) => who.length))
  print(terminal, '')
  for (const { who, what, ok } of fates) print(terminal, `${ok ? 'whole ' : 'FAILED'}  ${who.padEnd(width)}  ${what}`)
}
