/** What the prove bench runs for one circuit: each prover warm and as a whole process, on one key and one witness. */
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { keccakWords } from '../src/base/keccak.ts'
import { POLICY_KINDS } from '../src/policy/policy.ts'
import { commandArguments } from '../src/proof/backend/command.ts'
import { keyCachePath, NativeMaker } from '../src/proof/backend/native.ts'
import { SnarkjsMaker } from '../src/proof/backend/snarkjs.ts'
import type { Artifacts } from '../src/proof/manifest.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { WitnessCalculator } from '../src/proof/witness-calculator.ts'
import { bind } from '../src/statement/binding.ts'
import { encodeStatement } from '../src/statement/statement.ts'
import { type CircuitInputs, circuitInputs, routeBatch } from '../src/witness/witness.ts'
import { batchFixture, policyFixture } from '../test/helpers/fixtures.ts'
import { caseName } from './circuit-case.ts'
import { peakOf, runProcess } from './process.ts'
import { type Row, row } from './report.ts'

export const SMALL_CIRCUIT = 'two-choice-4-8'

/** Milliseconds and MiB by metric. */
type Sample = Readonly<Record<string, number | undefined>>

export interface ProveCase {
  readonly name: string
  readonly run: () => Promise<Sample>
  readonly rows: (samples: readonly Sample[]) => Row[]
  readonly close: () => void
}

export interface CaseOptions {
  /** Path of the native prover, if there is one. */
  readonly native: string | undefined
  /** Programs that are called with key, witness, proof and public file. */
  readonly peers: readonly { readonly name: string; readonly words: readonly string[] }[]
  readonly folder: string
}

export async function openCases(artifacts: Artifacts, { native, peers, folder }: CaseOptions): Promise<ProveCase[]> {
  const { manifest, paths } = artifacts
  const { name: circuit, shards, slots } = manifest
  const header = await readR1csHeader(paths.r1cs)
  const inputs = fullBatch(manifest)
  const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))
  const wtns = join(folder, `${circuit}.wtns`)
  await writeFile(wtns, calculator.calculate(inputs))
  const key = { circuit, zkey: paths.zkey, sha256: manifest.files.zkey }
  const files = { key: paths.zkey, wtns, proof: join(folder, 'proof.json'), public: join(folder, 'public.json') }
  const snarkjs = new SnarkjsMaker()
  const sidecar = native === undefined ? undefined : new NativeMaker(native)

  const warm = async (maker: SnarkjsMaker | NativeMaker): Promise<Sample> => {
    const begun = performance.now()
    const witness = calculator.calculate(inputs)
    const witnessMs = performance.now() - begun
    const { proveMs } = await maker.prove(key, witness)
    return { witnessMs, proveMs, ordersPerSecond: (1000 * slots) / (witnessMs + proveMs) }
  }
  const cold = async (words: readonly string[]): Promise<Sample> => ({
    ...(await runProcess(commandArguments(words, files))),
  })
  const makeCase = (prover: string, run: () => Promise<Sample>, close = () => {}): ProveCase => {
    const name = caseName(prover, shards, header)
    return { name, run, rows: (samples) => rowsOf(name, samples), close }
  }
  const cli = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), 'cli.cjs')
  return [
    makeCase(
      'snarkjs',
      async () => ({ ...(await warm(snarkjs)), ...(await cold([process.execPath, cli, 'groth16', 'prove'])) }),
      endSnarkjs,
    ),
    ...(native !== undefined && sidecar
      ? [
          makeCase(
            'native',
            async () => {
              const { peakMiB: once, ...run } = {
                ...(await warm(sidecar)),
                ...(await cold([native, 'prove', '--cache', keyCachePath(paths.zkey)])),
              } as Sample
              const serving = sidecar.pid === undefined ? undefined : peakOf(sidecar.pid)
              return { ...run, peakMiB: once && serving ? Math.max(once, serving) : undefined }
            },
            () => sidecar.close(),
          ),
        ]
      : []),
    ...peers.map(({ name, words }) => makeCase(name, () => cold(words))),
  ]
}

/** snarkjs leaves a thread for each core behind, which would keep this process from ending. */
function endSnarkjs(): void {
  const { curve_bn128: curve }: { curve_bn128?: { terminate(): Promise<void> } | null } = globalThis as never
  void curve?.terminate()
}

const UNITS: Readonly<Record<string, string>> = {
  witnessMs: 'ms',
  proveMs: 'ms',
  processMs: 'ms',
  peakMiB: 'MiB',
  ordersPerSecond: '1/s',
}

function rowsOf(name: string, samples: readonly Sample[]): Row[] {
  return Object.entries(UNITS).flatMap(([metric, unit]) => {
    const found = samples.map((sample) => sample[metric]).filter((value) => value !== undefined)
    return found.length === 0 ? [] : [row(name, metric, unit, found)]
  })
}

/** The inputs of a batch with every slot filled, the same in every run; with fewer orders another batch. */
export function fullBatch(
  { kind, shards, slots }: { kind: string; shards: number; slots: number },
  orders = slots,
): CircuitInputs {
  const shape = { shards, slots }
  const policy = policyFixture(
    shards,
    POLICY_KINDS.find((known) => known === kind),
  )
  const witness = batchFixture(shards, orders, { policy })
  const address = `0x${'11'.repeat(20)}`
  const context = { chainId: 31337n, ledger: address, beneficiary: address, verifierId: keccakWords([1n]) }
  return circuitInputs(shape, witness, bind(context, encodeStatement(shape, routeBatch(witness).statement)))
}
