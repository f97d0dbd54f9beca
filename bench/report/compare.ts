import { apart } from '../statistics.js';
import { digits } from './format.js';
import type { MetricOutcome } from './outcome.js';
import type { BenchRun } from './run.js';

/** One figure in two runs. */
export interface Change {
  question: string;
  metric: string;
  unit: string;
  rival: string;
  before: number;
  after: number;
  /** after / before. */
  ratio: number;
  /** `same` where the ranges of the rounds overlap: such a difference may be chance. */
  verdict: 'better' | 'worse' | 'same';
}

/** Every figure that both runs have. */
export function compare(before: BenchRun, after: BenchRun): Change[] {
  return after.outcomes.flatMap((outcome) => {
    const old = before.outcomes.find(({ id }) => id === outcome.id);
    return outcome.metrics.flatMap((metric) => {
      const oldMetric = old?.metrics.find(({ key }) => key === metric.key);
      return oldMetric === undefined ? [] : changesOf(outcome.title, oldMetric, metric);
    });
  });
}

function changesOf(question: string, before: MetricOutcome, after: MetricOutcome): Change[] {
  return after.figures.flatMap((figure) => {
    const old = before.figures.find(({ rival }) => rival === figure.rival);
    if (old === undefined) return [];
    const ratio = figure.median / old.median;
    const isBetter = after.less ? ratio < 1 : ratio > 1;
    return {
      question,
      metric: after.title,
      unit: after.unit,
      rival: figure.rival,
      before: old.median,
      after: figure.median,
      ratio,
      verdict: !apart(old, figure) ? 'same' : isBetter ? 'better' : 'worse',
    };
  });
}

/** The changes as a Markdown table; differences that may be chance are only counted. */
export function changeTable(changes: Change[]): string[] {
  const real = changes.filter(({ verdict }) => verdict !== 'same');
  const rows = real.map(
    ({ question, metric, unit, rival, before, after, ratio, verdict }) =>
      `| ${question}: ${metric} (${unit}) | ${rival} | ${digits(before)} | ${digits(after)} | ${percent(ratio)} | ${verdict} |`,
  );
  return [
    '| question | rival | before | after | change | |',
    '|---|---|---:|---:|---:|---|',
    ...rows,
    '',
    `${changes.length - real.length} of ${changes.length} figures: no difference beyond the spread of the rounds`,
  ];
}

function percent(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  const change = (ratio - 1) * 100;
  return `${change > 0 ? '+' : ''}${change.toFixed(1)} %`;
}
