import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ChainError } from './error.ts'

/**
 * Path of the native anvil that npm installed for this platform.
 *
 * npm's own `anvil` command is a Node wrapper whose child survives it, so the binary is started directly.
 * @throws ChainError `CHAIN_PLATFORM_UNSUPPORTED`.
 */
export function anvilBinary(): string {
  const require = createRequire(import.meta.url)
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`
  try {
    // Optional platform packages are installed beside the package that asks for them.
    const home = createRequire(require.resolve('@foundry-rs/anvil/package.json'))
    const folder = dirname(home.resolve(`${name}/package.json`))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
    if (existsSync(binary)) return binary
  } catch {
    // Not installed: told below in our own words.
  }
  throw new ChainError('CHAIN_PLATFORM_UNSUPPORTED', `no development chain for this platform (${name})`, {
    details: { package: name },
  })
}
