/** One service with the explorer, and one browser, for all files. */
import type { Browser } from 'playwright-core'
import { World } from '../../e2e/world.ts'
import { openBrowser, Tab, type TabOptions } from './tab.ts'

export interface Site {
  readonly world: World
  readonly url: string
  open(options?: Partial<TabOptions>): Promise<Tab>
}

let opened: Promise<{ world: World; browser: Browser }> | undefined

const start = async (): Promise<{ world: World; browser: Browser }> => {
  const [world, browser] = await Promise.all([World.start({ explorer: true }), openBrowser()])
  return { world, browser }
}

/** Call inside `describe`. */
export function useSite(): () => Site {
  let site: Site | undefined
  before(async function () {
    this.timeout(300_000) // The first one builds the circuit, where nothing is cached.
    opened ??= start()
    const { world, browser } = await opened
    const { url } = world.serving.http
    site = { world, url, open: (options = {}) => Tab.open(browser, { url, ...options }) }
  })
  return () => {
    if (!site) throw new Error('the site is there in tests only')
    return site
  }
}

after(async () => {
  const { world, browser } = (await opened) ?? {}
  await browser?.close()
  await world?.stop()
})
