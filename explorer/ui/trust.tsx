import { useContext } from 'preact/hooks'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { Address } from './values.tsx'

/** Whom the reader believes with the present sources, in plain words. */
export function Trust() {
  const { connection } = useContext(LiveContext)
  const { data } = useJob('sight', undefined, [connection])
  if (!data) return <p>Whom this page trusts is shown once a ledger is read.</p>
  const { chainBy, ledgerBy, chainId, ledger, endpoint } = data
  return (
    <section class="trust" aria-labelledby="trust-title">
      <h2 id="trust-title">Whom this page trusts</h2>
      <p>
        Ledger <Address value={ledger} /> on chain {`${chainId}`}, read at {endpoint}.{' '}
        {chainBy === 'service'
          ? 'The service passes your questions on to the chain and stands between: a service that lies about the chain could show you another one. '
          : 'The chain is read at an endpoint that you named: you trust it for what the chain says, and not the service. '}
        {ledgerBy === 'service'
          ? 'The service also named the ledger: compare the address with one that you know from elsewhere. '
          : 'You named the ledger. '}
        {(chainBy === 'service' || ledgerBy === 'service') && <a href="#/settings">Choose your own sources.</a>}
      </p>
      <p>
        Everything else is checked in this browser. This page’s own code came from whoever serves it; the same checks
        run in <code>fairlead audit</code>, from your own copy.
      </p>
    </section>
  )
}
