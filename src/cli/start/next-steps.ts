import { DEFAULTS } from '../shared/defaults.ts'
import type { Serving } from './local.ts'

/** Commands to try next, with this service's own values. */
export function nextSteps({ http, local, keys }: Serving, dataDir: string): string[] {
  const { chain, deployment } = local
  const place = [
    ...(http.url === DEFAULTS.url ? [] : [`--url ${http.url}`]),
    ...(dataDir === DEFAULTS.dataDir ? [] : [`--data-dir ${dataDir}`]),
  ]
  const fairlead = (...words: string[]): string => ['./fairlead', ...words].join(' ')
  return [
    `send an order      ${fairlead('order', '--size 250 --side buy', ...place)}`,
    `the same by curl   curl -s ${http.url}/v1/orders -H 'Authorization: Bearer ${keys.retail}' -H 'Content-Type: application/json' -d '{"size":250,"side":"buy","details":"0x'$(openssl rand -hex 32)'"}'`,
    `a batch's bundle   curl -s ${http.url}/v1/batches/0/bundle -H 'Authorization: Bearer ${keys.retail}'`,
    `audit the chain    ${fairlead('audit', `--rpc ${chain.url}`, `--ledger ${deployment.ledger}`)}`,
    `more flow          ${fairlead('replay', 'sample/bitmex_xbtusd_2018-01-04_0830.csv', '--speed 2', ...place)}`,
    `the API            ${http.url}/docs`,
  ]
}
