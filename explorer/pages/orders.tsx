import { useState } from 'preact/hooks'
import type { Route } from '../data/route.ts'
import { CommitmentResult } from '../ui/commitment-result.tsx'
import { ReceiptResult } from '../ui/receipt-result.tsx'

/** Larger files are no receipts. */
const MOST_BYTES = 64 * 1024

const COMMITMENT = /^(0|[1-9][0-9]{0,77})$/

/** Where is my order: by its commitment, or by its receipt. */
export function OrdersPage({ route }: { readonly route: Route }) {
  const [problem, setProblem] = useState('')
  const look = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('commitment')).trim()
    const commitment = commitmentOf(text)
    setProblem(commitment === undefined ? 'A commitment is a number in decimal digits, or in hex with 0x.' : '')
    if (commitment !== undefined) location.hash = `#/orders/${commitment}`
  }
  return (
    <>
      <h1>Orders</h1>
      <form onSubmit={look}>
        <label for="commitment">Commitment of an order</label>
        <div class="row">
          <input
            id="commitment"
            name="commitment"
            defaultValue={route.rest}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="commitment-problem"
            aria-invalid={problem !== ''}
          />
          <button type="submit">Look it up</button>
        </div>
        <p id="commitment-problem" class="problem-text" role="alert">
          {problem}
        </p>
      </form>
      <ReceiptDrop />
      {COMMITMENT.test(route.rest) && <CommitmentResult commitment={BigInt(route.rest)} />}
    </>
  )
}

function commitmentOf(text: string): bigint | undefined {
  return COMMITMENT.test(text) || /^0x[0-9a-fA-F]{1,64}$/.test(text) ? BigInt(text) : undefined
}

/** Takes a receipt as a file, by the button or dropped; it does not leave this browser. */
function ReceiptDrop() {
  const [text, setText] = useState<string>()
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (file) setText(file.size > MOST_BYTES ? '' : await file.text())
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer?.files[0])
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition; the button in it does the same. */}
      <div
        class="drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <label for="receipt">Or a receipt’s file: drop it here, or choose it</label>
        <input
          id="receipt"
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
        />
        <p>It is read in this browser and sent nowhere.</p>
      </div>
      {text !== undefined && <ReceiptResult text={text} />}
    </>
  )
}
