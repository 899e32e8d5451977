import { Option } from 'commander'
import { DEFAULTS } from './defaults.ts'
import { url } from './parse.ts'

/** Where this machine's keys, database and chain are. */
export const dataDirOption = (): Option =>
  new Option('--data-dir <path>', 'folder of keys, database and local chain')
    .env('FAIRLEAD_DATA_DIR')
    .default(DEFAULTS.dataDir)

/** Which service a command talks to. */
export const urlOption = (): Option =>
  new Option('--url <url>', 'the service').env('FAIRLEAD_URL').argParser(url).default(DEFAULTS.url)
