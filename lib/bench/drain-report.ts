import type { EngineInfo } from '../engine.js';
import type { DrainReport } from './drain.js';
import { isClean } from './drain-tally.js';
import { machineLine } from './machine.js';
import { bar } from './progress.js';

/** Up to here each number of lines has a row of its own. */
const mostRows = 12;

/** The report for people. */
export function drainText(report: DrainReport, showNaive: boolean): string {
  const rows: [string, string][] = [
    ['engine', engineLine(report.engine)],
    ['machine', machineLine(report.machine)],
    ['writer', report.writer],
    ['executions', runLine(report)],
    ['lost', lossLine(report)],
    ['loss rate', rateLine(report)],
    ['order', orderLine(report)],
    ['ends', `${count(report.wrongExitCodes)} wrong exit codes, ${count(report.failures)} without an end`],
  ];
  for (const reason of report.failureReasons) rows.push(['', reason]);
  if (showNaive) rows.push(['naive', naiveLine(report)]);
  const table = rows.map(([name, text]) => `${name.padEnd(12)}${text}`);
  const verdict = isClean(report) ? 'every byte came, in order, before the end' : 'NOT CLEAN';
  return [
    ...table,
    'lines that came, of both streams of an execution',
    ...histogramLines(report),
    verdict,
  ].join('\n');
}

function engineLine({ kind, version, path, url, isolation }: EngineInfo): string {
  return [kind, version, path ?? url, `isolation ${isolation}`]
    .filter((part) => part !== undefined)
    .join(', ');
}

function runLine(report: DrainReport): string {
  const seconds = report.durationMs / 1000;
  return (
    `${count(report.executions)}, ${count(report.concurrency)} at once, ${report.pattern}, ` +
    `${count(report.bytesPerStream)} bytes on each of two streams, in ${seconds.toFixed(1)} s ` +
    `(${count(Math.round(report.executions / seconds))}/s)`
  );
}

function lossLine(report: DrainReport): string {
  return (
    `${count(report.lostBytes)} of ${count(report.expectedBytes)} bytes, ${count(report.lostLines)} lines, ` +
    `in ${count(report.executionsWithLoss)} executions; ` +
    `${count(report.damagedLines)} lines damaged, ${count(report.repeatedLines)} repeated`
  );
}

function rateLine(report: DrainReport): string {
  return (
    `${percent(report.lossRate)} of executions; with 95 % confidence not above ${percent(report.lossRateUpper95)} ` +
    '(exact one-sided bound, Clopper-Pearson)'
  );
}

function orderLine(report: DrainReport): string {
  return (
    `${count(report.reorderedEvents)} events and ${count(report.reorderedLines)} lines out of order, ` +
    `${count(report.lateChunks)} late chunks, ${count(report.waitsBeforeOutput)} waits that overtook output`
  );
}

function naiveLine({ naive }: DrainReport): string {
  if (naive === undefined) return 'the raw wait of this engine was not seen';
  return (
    `who resolves on the raw FFI wait would have lost ${count(naive.lostBytes)} bytes ` +
    `in ${count(naive.executionsWithLoss)} of ${count(naive.executions)} executions (${percent(naive.lossRate)})`
  );
}

function histogramLines({ histogram, executions }: DrainReport): string[] {
  return bucketed(histogram).map(({ from, to, executions: own }) => {
    const range = from === to ? count(from) : `${count(from)}–${count(to)}`;
    return `${range.padStart(19)} ${bar(own / executions)} ${count(own)}`;
  });
}

/** Neighbours together, where there are too many rows. */
function bucketed(histogram: DrainReport['histogram']): { from: number; to: number; executions: number }[] {
  const size = Math.ceil(histogram.length / mostRows);
  const buckets = [];
  for (let i = 0; i < histogram.length; i += size) {
    const part = histogram.slice(i, i + size);
    buckets.push({
      from: part[0]?.lines ?? 0,
      to: part.at(-1)?.lines ?? 0,
      executions: part.reduce((sum, entry) => sum + entry.executions, 0),
    });
  }
  return buckets;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return share === 0 ? '0 %' : `${(share * 100).toPrecision(3)} %`;
}
