import { useState } from 'preact/hooks'
import { NO_SETTINGS, Settings } from '../wire/settings.ts'

const FIELDS = [
  {
    name: 'rpc',
    title: 'RPC endpoint of the chain',
    help: 'Best your own node. It has to let this page ask (CORS). Empty: the service passes questions on, and stands between you and the chain.',
  },
  {
    name: 'ledger',
    title: 'Address of the ledger',
    help: 'From a source that you trust. Empty: the service names it.',
  },
  {
    name: 'fromBlock',
    title: 'Block of the ledger’s deployment',
    help: 'Where to begin to look for events; 0 works, and takes long on a long chain.',
  },
  {
    name: 'challenges',
    title: 'Contracts that judge receipts and reports',
    help: 'Two addresses with a comma between. Empty: derived from the ledger, which works where its operator deployed them. Contracts that the ledger’s bond does not know are left out.',
  },
  {
    name: 'service',
    title: 'Address of the service',
    help: 'For open batches and news as they happen. Empty: where this page came from.',
  },
] as const

/** Whom to ask, and so whom to trust. Kept in this browser alone. */
export function SettingsPage({
  settings,
  onSettings,
}: {
  readonly settings: Settings
  readonly onSettings: (next: Settings) => void
}) {
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const save = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? '').trim()
    const { data, error } = Settings.safeParse({
      service: text('service'),
      rpc: text('rpc'),
      ledger: text('ledger'),
      fromBlock: Number(text('fromBlock') || '0'),
      challenges: text('challenges').replaceAll(/\s/g, ''),
    })
    setProblems(
      Object.fromEntries(
        (error?.issues ?? []).map(({ path }) => [String(path[0]), 'This is not of the form that is needed.']),
      ),
    )
    if (data) onSettings(data)
  }
  return (
    <>
      <h1>Sources</h1>
      <p>
        What you see is only as good as what you ask. With your own RPC endpoint and a ledger’s address that you know,
        nothing here rests on the service.
      </p>
      <form onSubmit={save} key={JSON.stringify(settings)}>
        {FIELDS.map(({ name, title, help }) => (
          <div class="field" key={name}>
            <label for={name}>{title}</label>
            <input
              id={name}
              name={name}
              defaultValue={`${settings[name] || ''}`}
              autocomplete="off"
              spellcheck={false}
              aria-describedby={`${name}-help ${name}-problem`}
              aria-invalid={problems[name] !== undefined}
            />
            <p id={`${name}-help`} class="help">
              {help}
            </p>
            <p id={`${name}-problem`} class="problem-text" role="alert">
              {problems[name] ?? ''}
            </p>
          </div>
        ))}
        <button type="submit">Use these</button>{' '}
        <button type="button" onClick={() => onSettings(NO_SETTINGS)}>
          Back to the service’s
        </button>
      </form>
    </>
  )
}
