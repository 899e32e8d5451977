import { useEffect, useState } from 'preact/hooks'

/** An address `#/page/rest`. */
export interface Route {
  readonly page: string
  readonly rest: string
}

/** The route of a fragment. */
export function routeOf(hash: string): Route {
  const [page = '', ...rest] = hash.replace(/^#?\/?/, '').split('/')
  return { page, rest: decoded(rest.join('/')) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The route that the browser shows. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const change = (): void => setRoute(routeOf(location.hash))
    addEventListener('hashchange', change)
    return () => removeEventListener('hashchange', change)
  }, [])
  return route
}
