import { CHECKS } from '../../src/audit/codes.ts'
import { SEALED_ASSIGNMENT } from '../../src/order/sealed-assignment.ts'
import { useJob } from '../data/job.ts'
import { timeText } from '../data/text.ts'
import { Facts } from './facts.tsx'
import { FoundOrder } from './found-order.tsx'
import { Answer } from './states.tsx'
import { BatchLink, Short } from './values.tsx'

/** What an assignment byte promises. */
function promised(byte: number): string {
  if (byte === SEALED_ASSIGNMENT) return 'what the sealed batch will say'
  return byte === 0 ? 'deferred' : `shard ${byte - 1}`
}

/** A receipt's checks, and its order on chain. */
export function ReceiptResult({ text }: { readonly text: string }) {
  const loaded = useJob('receipt', text, [text])
  return (
    <Answer loaded={loaded} what="the chain">
      {({ checks, receipt, givenUp = false, found }) => {
        const broken = checks.some(({ ok, unchecked }) => !ok && unchecked === undefined)
        const open = checks.some(({ unchecked }) => unchecked !== undefined)
        const kind = broken ? 'bad' : open || givenUp ? 'busy' : 'good'
        return (
          <section aria-label="The receipt">
            <h2>The receipt</h2>
            <p class="verdict" data-kind={kind} role="status">
              {broken
                ? 'This receipt does NOT hold'
                : givenUp
                  ? 'Signed, and void: its epoch was abandoned before its batch'
                  : open
                    ? 'Signed; its batch is not accepted yet'
                    : 'The receipt is signed, and the chain keeps it'}
            </p>
            <ul class="checks">
              {checks.map(({ name, ok, unchecked, expected, found: other }) => (
                <li key={name} data-mark={ok ? 'good' : unchecked === undefined ? 'bad' : 'unchecked'}>
                  <code>{name}</code> {CHECKS[name]}
                  {!ok && <p class="failed">{unchecked ?? `expected ${expected}, found ${other}`}</p>}
                </li>
              ))}
            </ul>
            {receipt && (
              <Facts
                facts={[
                  ['Commitment', <Short key="commitment" value={receipt.commitment} />],
                  ['Promised', promised(receipt.assignment)],
                  ['In batch', <BatchLink key="batch" index={receipt.batch} />],
                  ['Slot', receipt.slot],
                  ['Admitted', timeText(receipt.time)],
                ]}
              />
            )}
            {found && <FoundOrder order={found} />}
          </section>
        )
      }}
    </Answer>
  )
}
