import { NO_SETTINGS, Settings } from '../wire/settings.ts'
import { keep, kept } from './storage.ts'

const KEY = 'fairlead.settings'

/** What was saved in this browser; nothing, when it is not there or of another form. A link may name challenge contracts (`?challenges=0x…,0x…`), which the ledger's bond has to know. */
export function loadSettings(): Settings {
  const saved = savedSettings()
  const challenges = new URLSearchParams(location.search).get('challenges')
  return (challenges === null ? undefined : Settings.safeParse({ ...saved, challenges }).data) ?? saved
}

function savedSettings(): Settings {
  try {
    return Settings.safeParse(JSON.parse(kept(KEY) ?? 'null')).data ?? NO_SETTINGS
  } catch {
    return NO_SETTINGS
  }
}

export const saveSettings = (settings: Settings): void => keep(KEY, JSON.stringify(settings))
