import { useContext } from 'preact/hooks'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { Answer, Empty } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Address, Badge, BatchLink, Short } from '../ui/values.tsx'
import type { EpochView } from '../wire/views.ts'

const COLUMNS: readonly Column<EpochView>[] = [
  { title: 'Epoch', cell: ({ epoch }) => `${epoch}` },
  {
    title: 'State',
    cell: (epoch) => stateOf(epoch),
  },
  { title: 'Seeds', cell: ({ sealedMode }) => (sealedMode ? 'one a batch, sealed' : 'one') },
  { title: 'First batch', numeric: true, cell: ({ firstBatch }) => <BatchLink index={firstBatch} /> },
  { title: 'Ends before', numeric: true, cell: ({ end }) => (end === undefined ? '' : `${end}`) },
  { title: 'Begins from', minor: true, cell: ({ fromReset }) => (fromReset ? 'the reset state' : 'the last state') },
  { title: 'Signer', cell: ({ signer }) => <Address value={signer} /> },
  { title: 'Key commitment', minor: true, cell: ({ keyCommit }) => <Short value={keyCommit} /> },
  { title: 'Seed', minor: true, cell: ({ seed }) => (seed === 0n ? '' : <Short value={seed} />) },
  { title: 'Seed’s block', numeric: true, minor: true, cell: ({ seedBlock }) => `${seedBlock}` },
  { title: 'Policy', minor: true, cell: ({ policyHash }) => <Short value={policyHash} ends={4} /> },
  {
    title: 'Verifiers, by slots',
    minor: true,
    cell: ({ verifiers }) => verifiers.map(({ slots }) => slots).join(', '),
  },
]

function stateOf({ seed, abandoned, end }: EpochView) {
  if (abandoned) return <Badge kind="bad">abandoned</Badge>
  if (seed === 0n) return <Badge kind="busy">announced</Badge>
  return end === undefined ? <Badge kind="good">open</Badge> : <Badge kind="plain">ended or ending</Badge>
}

/** Runs of batches under one key, signer, seed, policy and set of verifiers. */
export function EpochsPage() {
  const { changes } = useContext(LiveContext)
  const loaded = useJob('epochs', undefined, [changes])
  return (
    <>
      <h1>Epochs</h1>
      <p>
        An epoch fixes operator key, signer, policy and verifiers before its seed is known: the seed comes from a block
        that is announced and not there yet, so that nobody chooses where orders go. An epoch that was abandoned ended
        before its time: receipts for batches from there on are void.
      </p>
      <Answer loaded={loaded} what="epochs">
        {(epochs) =>
          epochs.length === 0 ? (
            <Empty title="No epoch yet">The operator has not announced one.</Empty>
          ) : (
            <Table caption="Epochs, newest first" columns={COLUMNS} rows={epochs} keyOf={({ epoch }) => `${epoch}`} />
          )
        }
      </Answer>
    </>
  )
}
