import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one test file, made before and removed after its tests. */
export function tempDir(): {
  path(name: string): string
  write(name: string, content: string | Uint8Array): Promise<string>
} {
  let dir = ''
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-cli-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))
  const path = (name: string): string => join(dir, name)
  return {
    path,
    async write(name, content) {
      await writeFile(path(name), content)
      return path(name)
    },
  }
}
