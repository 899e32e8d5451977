/** A tab of a real browser that notices what a page should not do. */
import { expect } from 'chai'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** Starts the browser. Root, as in containers, has no sandbox. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

/** How long a page may take to show something, ms: proofs are verified on a loaded machine. */
export const PATIENCE_MS = 30_000

export interface TabOptions extends BrowserContextOptions {
  /** The site; whatever is asked of any other is an offence. */
  readonly url: string
  /** Others that may be asked. */
  readonly allowed?: readonly string[]
  /** Saved settings of the explorer. */
  readonly settings?: object
}

export class Tab {
  readonly page: Page
  readonly #url: string
  /** What the page did that it should not. */
  readonly offences: string[] = []

  private constructor(page: Page, url: string) {
    this.page = page
    this.#url = url
  }

  static async open(browser: Browser, { url, allowed = [], settings, ...options }: TabOptions): Promise<Tab> {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const tab = new Tab(page, url)
    const offends = (what: string): void => void tab.offences.push(what)
    page.on('console', (message) => {
      // A failed request is reported by the browser itself; tests that want none look at what the page says.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) offends(message.text())
    })
    page.on('pageerror', ({ message }) => offends(message))
    // Every context's: the worker's requests are seen too.
    await context.route('**', (route) => {
      const { origin } = new URL(route.request().url())
      if ([url, ...allowed].includes(origin)) return route.continue()
      offends(`asked ${origin}`)
      return route.abort()
    })
    await page.addInitScript(
      (saved) => {
        if (saved !== null && location.protocol === 'http:') localStorage.setItem('fairlead.settings', saved)
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          console.error(`policy: ${violatedDirective} ${blockedURI}`),
        )
      },
      settings ? JSON.stringify(settings) : null,
    )
    return tab
  }

  /** Opens a page of the explorer by its address, as a link from elsewhere would. */
  async visit(route: string): Promise<void> {
    await this.page.goto('about:blank')
    await this.page.goto(`${this.#url}/#/${route}`)
  }

  /** Goes to another page as a link of the explorer would, without a load. */
  async go(route: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, `#/${route}`)
  }

  /** Waits until a text is there. */
  async shows(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Closes the tab, and fails for whatever it should not have done. */
  async close(): Promise<void> {
    await this.page.context().close()
    expect(this.offences).to.deep.equal([])
  }
}
