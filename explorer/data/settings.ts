import { NO_SETTINGS, Settings } from '../wire/settings.ts'
import { keep, kept } from './storage.ts'

const KEY = 'fairlead.settings'

/** What was saved in this browser; nothing, when it is not there or of another form. */
export function loadSettings(): Settings {
  try {
    return Settings.safeParse(JSON.parse(kept(KEY) ?? 'null')).data ?? NO_SETTINGS
  } catch {
    return NO_SETTINGS
  }
}

export const saveSettings = (settings: Settings): void => keep(KEY, JSON.stringify(settings))
