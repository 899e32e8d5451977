import { jsonText } from '../base/json.ts'
import { CHART_SCRIPT, PAGE_STYLE } from './page.ts'
import type { FairnessReport } from './report.ts'
import { fairnessText } from './text.ts'

/** A charting library, to be put into the page. */
export interface ChartLibrary {
  readonly script: string
  readonly style: string
}

/** One file with everything in it: text, tables and charts, no request to anywhere. @param library uPlot's script and style sheet. */
export function fairnessHtml(report: FairnessReport, { script, style }: ChartLibrary): string {
  const lines = [...fairnessText(report)].join('\n')
  return page('Fairness report', lines, script, style, `fairness(${dataOf(report)})`)
}

/** A page with a text, and charts drawn by a call. */
export function page(title: string, text: string, script: string, style: string, call: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title>
<style>${style}\n${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<pre>${escaped(text)}</pre>
<div id="charts"></div>
</main>
<script>${inline(script)}</script>
<script>${inline(CHART_SCRIPT)}\n${call}</script>
</body>
</html>
`
}

/** Data as a JavaScript expression that cannot end the script it stands in. */
export const dataOf = (value: unknown): string => jsonText(value).replaceAll('<', '\\u003c')

const inline = (script: string): string => script.replaceAll('</script', '<\\/script')
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
