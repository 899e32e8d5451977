/** `npm run ceremony -- COMMAND …`: a real setup ceremony, step by step, on files; docs/guides/ceremony.md leads through it. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { CodedError } from '../src/base/error.ts'
import { type Beacon, Ceremony, contributeTo } from '../src/proof/ceremony/ceremony.ts'

const whole = (text: string): number => {
  if (!/^[0-9]{1,2}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
const hex = (text: string): string => {
  const digits = text.replace(/^0x/, '').toLowerCase()
  if (/^([0-9a-f]{2}){8,255}$/.test(digits)) return digits
  throw new InvalidArgumentError('Expected at least 8 bytes of hex, such as a block hash.')
}
const name = (text: string): string => {
  if (/^[\w .@-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('Expected 1 to 64 letters, digits, blanks, or any of _.@-')
}
const path = (text: string): string => resolve(text)

interface Common {
  readonly dir: string
  readonly tool: string
  readonly json?: boolean
}
type BeaconOptions = Common & { readonly beacon: string; readonly iterations: number }

const program = new Command('ceremony').description(
  'Powers of tau, contributions, beacons, verification and import of a Groth16 key that nobody can forge under.',
)

const step = (words: string, description: string): Command =>
  program
    .command(words)
    .description(description)
    .requiredOption('--dir <folder>', "the ceremony's folder", path)
    .option('--tool <program>', 'snarkjs, or a program with its command line such as snarkrs', 'snarkjs')
    .option('--json', 'print the transcript as JSON')
const withBeacon = (command: Command): Command =>
  command
    .requiredOption('--beacon <hex>', 'public randomness fixed by an event after the last contribution', hex)
    .option('--iterations <n>', 'the beacon is hashed 2^n times, 10 to 63', whole, 10)

step('start', 'begin: powers of tau, or those of --ptau')
  .requiredOption('--circuit <name>', 'circuit of the catalog')
  .option('--power <n>', "reach of the powers of tau; the circuit's size by default", whole)
  .option('--ptau <file>', 'powers of tau from elsewhere, prepared for phase 2: phase 1 is skipped', path)
  .action(
    async ({ dir, tool, json, circuit, power, ptau }: Common & { circuit: string; power?: number; ptau?: string }) =>
      show(await Ceremony.start(dir, tool, circuit, { power, ptau }), json),
  )

program
  .command('contribute')
  .description("contribute to the ceremony of --dir, or on one's own machine from --from to --to")
  .requiredOption('--name <who>', 'who contributes', name)
  .option('--dir <folder>', "the ceremony's folder", path)
  .option('--from <file>', 'what the coordinator sent', path)
  .option('--to <file>', 'what goes back', path)
  .option('--entropy <file>', 'a file with more entropy; this machine always adds its own', path)
  .option('--tool <program>', 'snarkjs, or a program with its command line such as snarkrs', 'snarkjs')
  .option('--json', 'print JSON')
  .action(
    async (o: Omit<Common, 'dir'> & { name: string; dir?: string; from?: string; to?: string; entropy?: string }) => {
      const more =
        o.entropy === undefined
          ? undefined
          : createHash('sha512')
              .update(await readFile(o.entropy))
              .digest('hex')
      if (o.dir !== undefined && o.from === undefined && o.to === undefined) {
        const ceremony = await Ceremony.open(o.dir, o.tool)
        await ceremony.contribute(o.name, more)
        return show(ceremony, o.json)
      }
      if (o.dir !== undefined || o.from === undefined || o.to === undefined)
        return program.error('ceremony: USAGE: give --dir, or --from and --to')
      const hashes = await contributeTo(o.tool, o.from, o.to, o.name, more)
      console.log(
        o.json ? JSON.stringify({ file: o.to, hashes }) : `${o.to}\n${hashes.map((h) => `  ${h}`).join('\n')}`,
      )
    },
  )

step('accept', 'take a contribution that came back, once it is verified')
  .requiredOption('--name <who>', 'who contributed', name)
  .requiredOption('--file <file>', 'what came back', path)
  .action(async ({ dir, tool, json, ...o }: Common & { name: string; file: string }) => {
    const ceremony = await Ceremony.open(dir, tool)
    await ceremony.accept(o.file, o.name)
    show(ceremony, json)
  })

withBeacon(step('close-tau', 'end phase 1: beacon, preparation, verification, first key of phase 2')).action(
  async ({ dir, tool, json, beacon, iterations }: BeaconOptions) => {
    const ceremony = await Ceremony.open(dir, tool)
    await ceremony.closeTau({ value: beacon, iterations })
    show(ceremony, json)
  },
)

withBeacon(step('finish', 'end phase 2: verification, beacon')).action(
  async ({ dir, tool, json, beacon, iterations }: BeaconOptions) => {
    const ceremony = await Ceremony.open(dir, tool)
    await ceremony.finish({ value: beacon, iterations })
    show(ceremony, json)
  },
)

step('import', "verify everything with snarkjs and make the key the circuit's own").action(
  async ({ dir, tool, json }: Common) => {
    const ceremony = await Ceremony.open(dir, tool)
    const { manifest } = await ceremony.import()
    console.log(json ? JSON.stringify(manifest) : `${manifest.name}: ceremony key imported and verified`)
  },
)

step('status', 'the transcript, its last file checked').action(async ({ dir, tool, json }: Common) =>
  show(await Ceremony.open(dir, tool), json),
)

step(
  'rehearse',
  'all of it on this machine, with made-up contributors and beacons: worthless as a key, good as an exercise',
)
  .requiredOption('--circuit <name>', 'circuit of the catalog')
  .option('--power <n>', "reach of the powers of tau; the circuit's size by default", whole)
  .action(async ({ dir, tool, json, circuit, power }: Common & { circuit: string; power?: number }) => {
    const beacon: Beacon = { value: createHash('sha256').update('rehearsal').digest('hex'), iterations: 10 }
    const ceremony = await Ceremony.start(dir, tool, circuit, { power })
    await ceremony.contribute('first')
    await ceremony.closeTau(beacon)
    await ceremony.contribute('second')
    await ceremony.finish(beacon)
    show(ceremony, json)
  })

/** Prints what was done and what comes next. */
function show({ transcript, phase, latest }: Ceremony, json = false): void {
  if (json) return void console.log(JSON.stringify({ ...transcript, phase, latest }))
  console.log(`${transcript.circuit}, powers of tau to 2^${transcript.power}, r1cs ${transcript.r1cs}`)
  for (const { file, sha256, by, hashes } of transcript.steps) {
    console.log(`${file}${by === undefined ? '' : ` by ${by}`}\n  SHA-256 ${sha256}`)
    for (const hash of hashes) console.log(`  hash    ${hash}`)
  }
  const next = {
    tau: 'contribute or accept, then close-tau',
    key: 'contribute or accept, then finish',
    finished: 'import',
  }
  console.log(`next: ${next[phase]} (latest file: ${latest})`)
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CodedError)) throw error
  console.error(`ceremony: ${error.code}: ${error.message}`)
  process.exitCode = 2
}
