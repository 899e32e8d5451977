import type { ComponentType } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { LiveContext, useConnection } from './data/live.ts'
import { type Route, useRoute } from './data/route.ts'
import { loadSettings, saveSettings } from './data/settings.ts'
import { openWorker, WorkerContext } from './data/worker.ts'
import { AuditPage } from './pages/audit.tsx'
import { BatchPage } from './pages/batch.tsx'
import { BatchesPage } from './pages/batches.tsx'
import { ChallengesPage } from './pages/challenges.tsx'
import { EpochsPage } from './pages/epochs.tsx'
import { FairnessPage } from './pages/fairness.tsx'
import { OrdersPage } from './pages/orders.tsx'
import { PolicyPage } from './pages/policy.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { ShardsPage } from './pages/shards.tsx'
import { Header, LINKS } from './ui/header.tsx'
import { NotFound } from './ui/states.tsx'
import { Trust } from './ui/trust.tsx'
import type { Settings } from './wire/settings.ts'

/** Pages by the first part of their address; `BatchPage` has the index in its second. */
const PAGES: Readonly<Record<string, ComponentType<{ readonly route: Route }>>> = {
  '': BatchesPage,
  batches: ({ route }) => (route.rest === '' ? <BatchesPage /> : <BatchPage key={route.rest} route={route} />),
  shards: ShardsPage,
  fairness: FairnessPage,
  policy: PolicyPage,
  epochs: EpochsPage,
  orders: OrdersPage,
  challenges: ChallengesPage,
  audit: AuditPage,
}

/** The whole page. Other settings mean other sources, so that the worker and all that it told begin anew. */
export function App() {
  const [settings, setSettings] = useState(loadSettings)
  const change = (next: Settings): void => {
    saveSettings(next)
    setSettings(next)
  }
  return <Sourced key={JSON.stringify(settings)} settings={settings} onSettings={change} />
}

function Sourced({ settings, onSettings }: { settings: Settings; onSettings: (next: Settings) => void }) {
  const worker = useMemo(() => openWorker(settings), [])
  useEffect(() => () => worker.close(), [])
  const live = useConnection(worker)
  const route = useRoute()
  const main = useFocusOnChange(route)
  const Page = PAGES[route.page]
  useEffect(() => {
    const name = LINKS.find(([page]) => page === (route.page || 'batches'))?.[1] ?? 'Not found'
    document.title = `${[name, route.rest].filter(Boolean).join(' ')} – Fairlead explorer`
  }, [route.page, route.rest])
  return (
    <WorkerContext.Provider value={worker}>
      <LiveContext.Provider value={live}>
        <Header page={route.page} onSkip={() => main.current?.focus()} />
        <main id="main" tabIndex={-1} ref={main}>
          {route.page === 'settings' ? (
            <SettingsPage settings={settings} onSettings={onSettings} />
          ) : Page ? (
            <Page route={route} />
          ) : (
            <NotFound title="There is no such page">The links above lead to all of them.</NotFound>
          )}
        </main>
        <footer>
          <Trust />
        </footer>
      </LiveContext.Provider>
    </WorkerContext.Provider>
  )
}

/** Moves the focus to the content when another page opens, as a page load would; not at the first. */
function useFocusOnChange({ page, rest }: Route) {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(`${page}/${rest}`)
  useEffect(() => {
    if (shown.current === `${page}/${rest}`) return
    shown.current = `${page}/${rest}`
    main.current?.focus()
    scrollTo(0, 0)
  }, [page, rest])
  return main
}
