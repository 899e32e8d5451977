import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ChartLibrary } from '../../fairness/html.ts'

/** uPlot as its package brings it, to be put into a page. */
export function chartLibrary(): ChartLibrary {
  const { resolve } = createRequire(import.meta.url)
  const read = (file: string): string => readFileSync(resolve(`uplot/dist/${file}`), 'utf8')
  return { script: read('uPlot.iife.min.js'), style: read('uPlot.min.css') }
}
