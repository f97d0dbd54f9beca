import { digits } from './format.js';
import type { Figure, MetricOutcome } from './outcome.js';

const width = 720;
const labelWidth = 170;
const valueWidth = 130;
const rowHeight = 26;
const top = 8;

/** Text that is safe in HTML and SVG. */
export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The median of each rival as a bar, the range of its rounds as a whisker, its rounds as dots. */
export function barChart(metric: MetricOutcome): string {
  const most = Math.max(...metric.figures.map(({ max }) => max), 0);
  const scale = (width - labelWidth - valueWidth) / (most > 0 ? most : 1);
  const height = top * 2 + metric.figures.length * rowHeight;
  const rows = metric.figures.map((figure, index) => barRow(figure, index, scale, metric.unit));
  const title = `${metric.title}: ${metric.figures.map(({ rival, median }) => `${rival} ${digits(median)}`).join(', ')}`;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<line class="axis" x1="${labelWidth}" y1="${top - 4}" x2="${labelWidth}" y2="${height - top + 4}"/>`,
    ...rows,
    '</svg>',
  ].join('\n');
}

function barRow(figure: Figure, index: number, scale: number, unit: string): string {
  const y = top + index * rowHeight;
  const middle = y + rowHeight / 2 - 2;
  const x = (value: number) => (labelWidth + Math.max(0, value) * scale).toFixed(1);
  const kind = index === 0 ? 'ours' : figure.rival.startsWith('C,') ? 'limit' : 'peer';
  const dots = figure.values
    .map((value) => `<circle class="round" cx="${x(value)}" cy="${middle}" r="2"/>`)
    .join('');
  const end = labelWidth + Math.max(0, figure.max) * scale + 8;
  return [
    `<text class="label" x="${labelWidth - 8}" y="${middle + 4}">${escape(figure.rival)}</text>`,
    `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${(Math.max(0, figure.median) * scale).toFixed(1)}" height="${rowHeight - 6}" rx="2"/>`,
    `<line class="spread" x1="${x(figure.min)}" y1="${middle}" x2="${x(figure.max)}" y2="${middle}"/>`,
    dots,
    `<text class="value" x="${end.toFixed(1)}" y="${middle + 4}">${digits(figure.median)} ${escape(unit)}</text>`,
  ].join('');
}
