import { shortened } from '../data/text.ts'

/** A long hash or number, shortened for the eye; whole for screen readers' users who ask, for copying and on hover. */
export const Short = ({ value, ends = 6 }: { readonly value: string | bigint; readonly ends?: number }) => (
  <code class="short" title={`${value}`}>
    {shortened(`${value}`, ends)}
  </code>
)

export const Address = ({ value }: { readonly value: string }) => <Short value={value} ends={4} />

/** A batch's page. */
export const BatchLink = ({ index }: { readonly index: bigint }) => <a href={`#/batches/${index}`}>{`${index}`}</a>

/** A state in words, with a colour beside it. */
export const Badge = ({
  kind,
  children,
}: {
  readonly kind: 'good' | 'bad' | 'busy' | 'plain'
  readonly children: string
}) => (
  <span class="badge" data-kind={kind}>
    {children}
  </span>
)
