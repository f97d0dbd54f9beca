import type { Change } from './compare.js';
import { digits, times } from './format.js';
import { score, type MetricOutcome, type Outcome, type Verdict } from './outcome.js';
import type { BenchRun } from './run.js';
import { barChart, escape } from './svg.js';
import { verdictText } from './table.js';

const style = `
:root { --ink: #1d2330; --soft: #667085; --line: #d9dee7; --ours: #2563eb; --peer: #a8b3c5; --limit: #d6a756;
  --good: #15803d; --bad: #b42318; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #344054; --ours: #60a5fa;
  --peer: #56637a; --limit: #b98a3d; --good: #4ade80; --bad: #f97066; --page: #14181f; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 780px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .2rem; }
h3 { font-size: .9rem; font-weight: 600; margin: .8rem 0 0; color: var(--soft); }
p.facts, p.left { color: var(--soft); margin: .2rem 0; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; } td, th { border-bottom: 1px solid var(--line);
  padding: .25rem .5rem; text-align: left; } td.number, th.number { text-align: right; }
.met, .better { color: var(--good); } .missed, .worse { color: var(--bad); } .open { color: var(--soft); }
ul.verdicts { list-style: none; margin: .2rem 0; padding: 0; font-size: .85rem; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .label { text-anchor: end; } svg .value { fill: var(--soft); } svg .ours { fill: var(--ours); }
svg .peer { fill: var(--peer); } svg .limit { fill: var(--limit); } svg .axis { stroke: var(--line); }
svg .spread { stroke: var(--ink); stroke-width: 1.5; opacity: .7; } svg .round { fill: var(--ink); opacity: .45; }
`;

/** The whole run as one file that needs nothing else. */
export function toHtml(run: BenchRun, machine: string, changes: Change[]): string {
  const { met, missed, open } = score(run.outcomes);
  const short = run.quick ? ', short form' : '';
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>boxlite-ffi bench</title><style>${style}</style></head><body>`,
    '<h1>boxlite-ffi beside its peers</h1>',
    `<p class="facts">${escape(machine)}</p>`,
    `<p class="facts">${escape(run.startedAt)}, medians of ${run.rounds} interleaved rounds${short}; ` +
      'whiskers show the range, dots the rounds</p>',
    `<p><strong class="met">${met} targets met</strong>, <strong class="missed">${missed} missed</strong>, ` +
      `<span class="open">${open} not measured</span></p>`,
    summaryTable(run.outcomes),
    ...run.outcomes.map(section),
    changes.length > 0 ? changeSection(changes) : '',
    '</body></html>\n',
  ].join('\n');
}

function summaryTable(outcomes: Outcome[]): string {
  const rows = outcomes.flatMap((outcome) =>
    outcome.metrics.flatMap((metric) =>
      metric.verdicts.map(
        (verdict) =>
          `<tr><td><a href="#${outcome.id}">${escape(plain(outcome.title))}</a></td><td>${escape(metric.title)}</td>` +
          `<td>${escape(verdict.text)}</td><td class="number">${verdict.reached === null ? '–' : digits(verdict.reached)}</td>` +
          `<td class="${state(verdict)}">${state(verdict)}</td></tr>`,
      ),
    ),
  );
  return (
    '<table><thead><tr><th>question</th><th></th><th>target</th><th class="number">reached</th><th></th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table>`
  );
}

function section(outcome: Outcome): string {
  const left = outcome.left.map(({ rival, reason }) => `${rival} (${reason})`).join(', ');
  return [
    `<section id="${outcome.id}"><h2>${escape(plain(outcome.title))}</h2>`,
    ...outcome.metrics.map(metricPart),
    left === '' ? '' : `<p class="left">Left out: ${escape(left)}</p>`,
    '</section>',
  ].join('\n');
}

function metricPart(metric: MetricOutcome): string {
  if (metric.figures.length === 0) return '';
  const better = metric.less ? 'less is better' : 'more is better';
  const own = metric.figures[0];
  const ratios = metric.figures
    .slice(1)
    .map(({ rival, median }) => `${times(own === undefined ? null : own.median / median)} ${rival}`);
  const verdicts = metric.verdicts.map(
    (verdict) => `<li class="${state(verdict)}">${escape(verdictText(verdict))}</li>`,
  );
  return [
    `<h3>${escape(metric.title)} (${escape(metric.unit)}, ${better})</h3>`,
    barChart(metric),
    ratios.length === 0 ? '' : `<p class="facts">Ours is ${escape(ratios.join(', '))}</p>`,
    `<ul class="verdicts">${verdicts.join('')}</ul>`,
  ].join('\n');
}

function changeSection(changes: Change[]): string {
  const rows = changes.map(
    ({ question, metric, rival, before, after, ratio, verdict }) =>
      `<tr><td>${escape(plain(question))}: ${escape(metric)}</td><td>${escape(rival)}</td>` +
      `<td class="number">${digits(before)}</td><td class="number">${digits(after)}</td>` +
      `<td class="number">${times(ratio)}</td><td class="${verdict}">${verdict}</td></tr>`,
  );
  return `<section id="changes"><h2>Beside the earlier run</h2><table><tbody>${rows.join('')}</tbody></table></section>`;
}

function state({ met }: Verdict): string {
  return met === null ? 'open' : met ? 'met' : 'missed';
}

/** Titles are Markdown elsewhere. */
function plain(title: string): string {
  return title.replaceAll('`', '');
}
