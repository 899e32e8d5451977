import { Option } from 'commander'
import { PROVER_CHOICES } from '../../proof/backend/settings.ts'
import { DEFAULTS } from './defaults.ts'
import { url } from './parse.ts'

/** Where this machine's keys, database and chain are. */
export const dataDirOption = (): Option =>
  new Option('--data-dir <path>', 'folder of keys, database and local chain')
    .env('FAIRLEAD_DATA_DIR')
    .default(DEFAULTS.dataDir)

/** Which backend makes proofs. */
export const proverOption = (): Option =>
  new Option('--prover <backend>', 'what makes proofs; auto takes the fastest that works')
    .env('FAIRLEAD_PROVER')
    .choices(PROVER_CHOICES)
    .default('auto')
/** Which program `--prover command` runs; `auto` tries it first. */
export const proverCommandOption = (): Option =>
  new Option(
    '--prover-command <words>',
    'a program that makes proofs: called with key, wtns, proof and public files behind these words',
  ).env('FAIRLEAD_PROVER_COMMAND')

/** Which service a command talks to. */
export const urlOption = (): Option =>
  new Option('--url <url>', 'the service').env('FAIRLEAD_URL').argParser(url).default(DEFAULTS.url)
