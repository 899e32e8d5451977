import { keep, kept } from './storage.ts'

const KEY = 'fairlead.theme'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export function loadTheme(): Theme {
  const saved = kept(KEY)
  return THEMES.find((theme) => theme === saved) ?? 'system'
}

/** Shows the page in a theme, the saved one by default; style.css does the rest. */
export function applyTheme(theme = loadTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function saveTheme(theme: Theme): void {
  keep(KEY, theme)
  applyTheme(theme)
  dispatchEvent(new Event('themechange'))
}
