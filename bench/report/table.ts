import { digits, times } from './format.js';
import type { MetricOutcome, Outcome, Verdict } from './outcome.js';

export const tableHead = [
  '| question | rival | median | spread | ours to it | target |',
  '|---|---|---:|---:|---:|---|',
];

/** One outcome as rows of a Markdown table: ours, then each rival with the ratio of ours to it. */
export function toRows(outcome: Outcome): string[] {
  const rows = outcome.metrics.flatMap((metric) => metricRows(outcome, metric));
  const left = outcome.left.map(({ rival, reason }) => `|  | ${rival} | left out | ${cell(reason)} |  |  |`);
  return [...rows, ...left];
}

function metricRows(outcome: Outcome, metric: MetricOutcome): string[] {
  const own = metric.figures[0];
  return metric.figures.map((figure, index) => {
    const title = index === 0 ? `${outcome.title}: ${metric.title} (${metric.unit})` : '';
    const spread = `${digits(figure.min)} – ${digits(figure.max)}`;
    const ratio = index === 0 || own === undefined ? '' : times(own.median / figure.median);
    const verdicts = index === 0 ? metric.verdicts.map(verdictText).join('; ') : '';
    return `| ${cell(title)} | ${figure.rival} | ${digits(figure.median)} | ${spread} | ${ratio} | ${verdicts} |`;
  });
}

export function verdictText({ text, reached, met }: Verdict): string {
  if (met === null || reached === null) return `${text}: not measured`;
  return `${text}: ${digits(reached)} ${met ? '✓ met' : '✗ missed'}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
