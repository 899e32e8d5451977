import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as z from 'zod'
import { Artifact, artifactFolder } from './artifact.ts'
import { ChainError } from './error.ts'
import { CONTRACT_SETS, type ContractSet, cacheKey, type SolcInput, solcInput } from './solc-input.ts'

const Reference = z.array(z.strictObject({ start: z.int(), length: z.int() }))
const Output = z.looseObject({
  errors: z.array(z.looseObject({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.looseObject({
          abi: Artifact.shape.abi,
          evm: z.looseObject({
            bytecode: z.looseObject({ object: z.string() }),
            deployedBytecode: z.looseObject({
              object: z.string(),
              immutableReferences: z.record(z.string(), Reference).default({}),
            }),
          }),
        }),
      ),
    )
    .default({}),
})
const Manifest = z.strictObject({ key: z.string(), contracts: z.array(z.string()) })

/** What `buildContracts` did: the contracts' names, and whether they were there already. */
export interface BuiltContracts {
  readonly contracts: readonly string[]
  readonly cached: boolean
}

/**
 * Compiles everything under `contracts/`, or one set of it, into `build/contracts/`, unless the same sources were compiled before by the same solc.
 * Takes 20 to 50 s of one core a set, in a worker thread each. Files are replaced one by one and the manifest last: a build cut short is made again.
 * @throws ChainError `CONTRACTS_DO_NOT_COMPILE` on any error or warning: a warning in a contract is a defect.
 */
export async function buildContracts(
  root: string,
  sets: readonly ContractSet[] = CONTRACT_SETS,
): Promise<BuiltContracts> {
  const built = await Promise.all(sets.map((set) => buildSet(root, set)))
  return {
    contracts: built.flatMap(({ contracts }) => contracts).sort(),
    cached: built.every(({ cached }) => cached),
  }
}

async function buildSet(root: string, set: ContractSet): Promise<BuiltContracts> {
  const folder = artifactFolder(root)
  const manifestFile = join(folder, `manifest-${set}.json`)
  const input = solcInput(root, set)
  const key = cacheKey(solcVersion(), input)
  if (existsSync(manifestFile)) {
    const manifest = Manifest.safeParse(JSON.parse(readFileSync(manifestFile, 'utf8')))
    if (manifest.data?.key === key) return { contracts: manifest.data.contracts, cached: true }
  }
  const artifacts = await compile(input)
  mkdirSync(folder, { recursive: true })
  for (const artifact of artifacts) replace(join(folder, `${artifact.name}.json`), artifact)
  const contracts = artifacts.map(({ name }) => name)
  replace(manifestFile, { key, contracts })
  return { contracts, cached: false }
}

/** Compiles one request; interfaces and abstract contracts, which have no code, come with `0x`. */
export async function compile(input: SolcInput): Promise<Artifact[]> {
  const output = Output.parse(JSON.parse(await runSolc(JSON.stringify(input))))
  const errors = output.errors.filter(({ severity }) => severity !== 'info').map((error) => error.formattedMessage)
  if (errors.length > 0) {
    throw new ChainError('CONTRACTS_DO_NOT_COMPILE', errors.join('\n'), { details: { errors } })
  }
  return Object.entries(output.contracts).flatMap(([source, contracts]) =>
    Object.entries(contracts).map(([name, { abi, evm }]) => ({
      name,
      source,
      abi,
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
      immutables: evm.deployedBytecode.immutableReferences,
      size: evm.deployedBytecode.object.length / 2,
    })),
  )
}

function solcVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('solc/package.json')
  return z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version
}

/** One request through solc in a thread of its own, started from the compiled output beside this file. */
function runSolc(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./solc-worker.js', import.meta.url), { workerData: request })
    worker.once('message', (answer: unknown) => resolve(String(answer)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new ChainError('CONTRACTS_DO_NOT_COMPILE', `solc ended with code ${code}`)))
  })
}

function replace(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, `${JSON.stringify(content, null, 1)}\n`)
  renameSync(draft, file)
}
