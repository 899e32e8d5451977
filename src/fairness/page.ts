/** What a report's page looks like; follows the reader's light or dark setting. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid #8884; border-radius: .5rem; font-size: 13px; }
figure { margin: 2rem 0; overflow-x: auto; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
.u-legend { font-size: 13px; }
`

/** Draws the charts, in the browser, with uPlot. Plain JavaScript: it is put into the page as it stands. */
export const CHART_SCRIPT = `
const COLOURS = ['#3366cc','#dc3912','#ff9900','#109618','#990099','#0099c6','#dd4477','#66aa00','#b82e2e','#316395','#994499','#22aa99','#aaaa11','#6633cc','#e67300','#8b0707'];
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
const axis = { stroke: dark ? '#ddd' : '#333', grid: { stroke: '#8883' }, ticks: { stroke: '#8883' } };
function figure(caption) {
  const element = document.createElement('figure');
  const text = document.createElement('figcaption');
  text.textContent = caption;
  element.append(text);
  document.getElementById('charts').append(element);
  return element;
}
function lines(caption, times, series, isTime) {
  const element = figure(caption);
  const width = Math.max(320, Math.min(1100, element.clientWidth || 800));
  const shown = series.map(({ label, colour, dash }, i) => ({ label, stroke: colour || COLOURS[i % 16], dash, width: 1.5, points: { show: times.length < 60 } }));
  new uPlot({ width, height: 280, scales: { x: { time: isTime } }, axes: [axis, axis], series: [{}, ...shown] }, [times, ...series.map((one) => one.values)], element);
}
function bars(caption, labels, series) {
  const element = figure(caption);
  const width = Math.max(320, Math.min(1100, element.clientWidth || 800));
  const xs = labels.map((_, i) => i);
  const shown = series.map(({ label, colour }, i) => ({ label, stroke: colour || COLOURS[i % 16], fill: (colour || COLOURS[i % 16]) + '66', paths: uPlot.paths.bars({ size: [0.6 / series.length, 60], align: i === 0 ? -1 : 1 }), points: { show: false } }));
  const values = (_, ticks) => ticks.map((tick) => labels[tick] ?? '');
  new uPlot({ width, height: 280, scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, low, high) => [0, high * 1.05 || 1] } }, axes: [{ ...axis, values, incrs: [1] }, axis], series: [{}, ...shown] }, [xs, ...series.map((one) => one.values)], element);
}
function fairness({ shards, series }) {
  const names = shards.map(({ shard }) => 'shard ' + shard);
  bars('Share of accepted orders, and what an honest router would have given (%)', names, [
    { label: 'share', values: shards.map(({ share }) => 100 * share) },
    { label: 'expected', values: shards.map(({ expectedShare }) => 100 * expectedShare), colour: '#888888' },
  ]);
  const times = series.time.map((time) => time / 1e6);
  lines('Fees over time', times, series.fees.map((values, j) => ({ label: names[j], values })), true);
  lines('Orders of each batch, and deferred ones', times, [{ label: 'orders', values: series.orders }, { label: 'deferred', values: series.deferred }], true);
  lines('Breaker: lines are up while a shard is open', times, series.open.map((values, j) => ({ label: names[j], values: values.map((open) => j + (open ? 0.8 : 0)) })), true);
}
function whatIf({ before, after, segments }) {
  for (const [g, segment] of segments.entries()) {
    const names = before.shards.map((_, j) => 'shard ' + j);
    bars(segment + ': share of accepted orders, now and proposed (%)', names, [
      { label: 'now', values: before.segments[g].shares.map((share) => 100 * share), colour: '#888888' },
      { label: 'proposed', values: after.segments[g].shares.map((share) => 100 * share) },
    ]);
  }
  const fees = (run, label) => run.shards.map((shard) => shard.fee.median);
  bars('Median fee', before.shards.map((_, j) => 'shard ' + j), [
    { label: 'now', values: fees(before), colour: '#888888' },
    { label: 'proposed', values: fees(after) },
  ]);
}
`
