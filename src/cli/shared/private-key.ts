import { Option } from 'commander'
import { computeAddress } from 'ethers'
import { CliError } from './exit.ts'
import { readText } from './files.ts'
import type { Terminal } from './terminal.ts'

/** Names a file in place of the variable. */
export const keyFileOption = (variable: string): Option =>
  new Option('--key-file <file>', `file with the private key that pays; ${variable} by default`)

/**
 * The private key that pays for transactions: of a file, else of an environment variable. It is never an argument, which every user of a machine can read.
 * @throws CliError KEY_MISSING, KEY_INVALID, FILE_UNREADABLE.
 */
export async function privateKeyOf({ env }: Terminal, variable: string, file?: string): Promise<string> {
  const key = file === undefined ? env[variable] : (await readText(file)).trim()
  if (!key) throw new CliError('KEY_MISSING', `put the private key that pays into ${variable}, or name --key-file`)
  if (isPrivateKey(key)) return key
  throw new CliError('KEY_INVALID', `${file ?? variable} holds no private key: 32 bytes in 0x-prefixed hex`)
}

function isPrivateKey(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) return false
  try {
    computeAddress(text)
    return true
  } catch {
    // 0, or not below the curve's order.
    return false
  }
}
