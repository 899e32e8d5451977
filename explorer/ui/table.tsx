import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers stand at the right. */
  readonly numeric?: boolean
  /** Left out where there is little room. */
  readonly minor?: boolean
}

/** A table whose first column names its row. It scrolls by itself where it is too wide. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section class="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, numeric, minor }) => (
              <th key={title} scope="col" class={classOf(numeric, minor)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, numeric, minor }, i) =>
                i === 0 ? (
                  <th key={title} scope="row" class={classOf(numeric, minor)}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} class={classOf(numeric, minor)}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const classOf = (numeric = false, minor = false): string | undefined =>
  [numeric ? 'numeric' : '', minor ? 'minor' : ''].filter(Boolean).join(' ') || undefined
