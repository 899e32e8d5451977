import { useEffect, useId, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { Table } from './table.tsx'

export interface Series {
  readonly title: string
  /** One value a point; `null` where there is none. */
  readonly values: readonly (number | null)[]
}

export interface ChartProps {
  readonly title: string
  /** What one sees, in a sentence. */
  readonly summary: string
  /** Points along the bottom: batch numbers. */
  readonly points: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
  readonly kind?: 'lines' | 'bars'
}

const HEIGHT = 240

/** Lines or bars over batches. The same numbers stand in a table below, for those who do not see or want the picture. */
export function Chart({ title, summary, points, series, format, kind = 'lines' }: ChartProps) {
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const theme = useThemeCount()
  useEffect(() => {
    const element = place.current
    if (!element) return
    const plot = new uPlot(optionsOf(element, series, format, kind), dataOf(points, series), element)
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [points, series, theme])
  return (
    <figure aria-labelledby={id}>
      <figcaption id={id}>
        <strong>{title}</strong> {summary}
      </figcaption>
      <div class="plot" ref={place} aria-hidden="true" />
      <details>
        <summary>{title}: the numbers</summary>
        <Table
          caption={title}
          columns={[
            { title: 'Batch', cell: (at: number) => points[at] },
            ...series.map(({ title: name, values }) => ({
              title: name,
              numeric: true,
              cell: (at: number) => valueText(values[at], format),
            })),
          ]}
          rows={points.map((_, at) => at).reverse()}
          keyOf={String}
        />
      </details>
    </figure>
  )
}

const valueText = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value)

const dataOf = (points: readonly number[], series: readonly Series[]): uPlot.AlignedData => [
  [...points],
  ...series.map(({ values }) => [...values]),
]

function optionsOf(
  element: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
  kind: 'lines' | 'bars',
): uPlot.Options {
  const [text, grid] = [resolved(element, 'var(--text)'), resolved(element, 'var(--line)')]
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } }
  const paths = kind === 'bars' ? uPlot.paths.bars?.({ size: [0.6, 40] }) : undefined
  return {
    width: element.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false } },
    axes: [
      { ...axis, values: (_, splits) => splits.map((at) => (Number.isInteger(at) ? `${at}` : '')) },
      { ...axis, size: 60, values: (_, splits) => splits.map(format) },
    ],
    series: [
      { label: 'Batch' },
      ...series.map(({ title }, i) => {
        const colour = resolved(element, colourOf(i))
        return {
          label: title,
          stroke: colour,
          width: 2,
          points: { show: kind === 'lines' && series[0] !== undefined && series[0].values.length < 60, size: 5 },
          value: (_: uPlot, value: number | null) => valueText(value, format),
          ...(paths && { paths, fill: colour }),
        }
      }),
    ],
  }
}

/** Colours of the style sheet, as many as it has. */
const NAMED = 4
/** Degrees that keep turned hues apart, however many there are. */
const GOLDEN_ANGLE = 137.5

const colourOf = (i: number): string => (i < NAMED ? `var(--series-${i})` : `hsl(${(i * GOLDEN_ANGLE) % 360} 60% 50%)`)

/** A colour as a canvas takes it, in the theme of the moment. */
function resolved(element: HTMLElement, colour: string): string {
  const before = element.style.color
  element.style.color = colour
  const { color } = getComputedStyle(element)
  element.style.color = before
  return color
}

/** Grows when the theme changes, as a canvas keeps its colours. */
function useThemeCount(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const change = (): void => setCount((last) => last + 1)
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', change)
    addEventListener('themechange', change)
    return () => {
      system.removeEventListener('change', change)
      removeEventListener('themechange', change)
    }
  }, [])
  return count
}
