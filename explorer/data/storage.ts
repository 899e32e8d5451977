/** What this browser keeps of the page's choices. Where storage is blocked nothing is kept, and the page works all the same. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Blocked or full: the choice holds for as long as the page is open.
  }
}
