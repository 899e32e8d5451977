import { useContext, useState } from 'preact/hooks'
import { LiveContext } from '../data/live.ts'
import { loadTheme, saveTheme, THEMES, type Theme } from '../data/theme.ts'

/** Pages by their address, with their names. */
export const LINKS = [
  ['batches', 'Batches'],
  ['shards', 'Shards'],
  ['fairness', 'Fairness'],
  ['policy', 'Policy'],
  ['epochs', 'Epochs'],
  ['orders', 'Orders'],
  ['audit', 'Audit'],
  ['challenges', 'Challenges'],
  ['settings', 'Sources'],
] as const

const CONNECTIONS = {
  connecting: 'Connecting',
  service: 'Live',
  chain: 'Live from the chain alone',
  offline: 'Offline: nothing answers, trying again',
} as const

/** Name, pages, how the sources are, and the theme. */
export function Header({ page, onSkip }: { readonly page: string; readonly onSkip: () => void }) {
  const { connection } = useContext(LiveContext)
  return (
    <header>
      <button type="button" class="skip" onClick={onSkip}>
        Skip to the content
      </button>
      <div class="bar">
        <a class="brand" href="#/">
          Fairlead <span>explorer</span>
        </a>
        <p class="connection" data-state={connection} role="status">
          {CONNECTIONS[connection]}
        </p>
        <ThemeChoice />
      </div>
      <nav aria-label="Pages">
        <ul>
          {LINKS.map(([name, title]) => (
            <li key={name}>
              <a href={`#/${name}`} aria-current={(page || 'batches') === name ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(loadTheme)
  const choose = (event: Event & { currentTarget: HTMLSelectElement }): void => {
    const chosen = THEMES.find((name) => name === event.currentTarget.value) ?? 'system'
    setTheme(chosen)
    saveTheme(chosen)
  }
  return (
    <label class="theme">
      <span>Theme</span>
      <select value={theme} onChange={choose}>
        {THEMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
