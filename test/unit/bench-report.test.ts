import { describe, expect, it } from 'vitest';
import type { Question } from '../../bench/question.js';
import { changeTable, compare } from '../../bench/report/compare.js';
import { digits, times } from '../../bench/report/format.js';
import { toHtml } from '../../bench/report/html.js';
import { judge, score, type Outcome } from '../../bench/report/outcome.js';
import { readRun, type BenchRun } from '../../bench/report/run.js';
import { barChart } from '../../bench/report/svg.js';
import { toRows } from '../../bench/report/table.js';
import { apart, median, quantile, summarise } from '../../bench/statistics.js';

const question: Question = {
  id: 'rate',
  title: 'rate of `true` & <others>',
  measure: 'speed',
  params: {},
  quick: {},
  metrics: [
    {
      key: 'perSecond',
      title: 'captured',
      unit: '/s',
      targets: [
        { than: 'child_process', atLeast: 5 },
        { than: 'C, one thread', atLeast: 0.6 },
        { than: 'gone', atLeast: 1 },
      ],
    },
    { key: 'blocked', title: 'blocked', unit: 'µs', less: true, targets: [{ atMost: 50 }] },
  ],
  rivals: [{ label: 'ours', peer: 'boxlite' }],
};

function outcome(ours: number[], blocked = 40): Outcome {
  const standings = [
    { label: 'ours', rounds: ours.map((perSecond) => ({ perSecond, blocked })) },
    { label: 'child_process', rounds: [{ perSecond: 100, blocked: 900 }] },
    { label: 'C, one thread', rounds: [{ perSecond: 1000 }] },
  ];
  return judge(question, standings, [{ rival: 'gone', reason: 'not | installed' }]);
}

function run(outcomes: Outcome[]): BenchRun {
  const machine = {
    cpu: 'x',
    cores: 2,
    memoryGiB: 4,
    kernel: '6',
    system: 'Debian',
    node: 'v20',
    loadAverage: 1,
  };
  return { machine, startedAt: '2030-01-01T00:00:00.000Z', rounds: 3, quick: false, outcomes };
}

describe('statistics', () => {
  it('takes quantiles between values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.99)).toBeCloseTo(4.96);
    expect(quantile([7], 0.99)).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('calls two series apart only if their ranges do not meet', () => {
    expect(apart(summarise([1, 2]), summarise([3, 4]))).toBe(true);
    expect(apart(summarise([1, 3]), summarise([3, 4]))).toBe(false);
    expect(apart(summarise([1]), summarise([9]))).toBe(false);
  });
});

describe('judging', () => {
  it('marks each target met, missed or open', () => {
    const [rate, blocked] = outcome([550, 590, 570]).metrics;
    expect(rate?.verdicts).toEqual([
      { text: '≥ 5 × child_process', reached: 5.7, met: true },
      { text: '≥ 0.6 × C, one thread', reached: 0.57, met: false },
      { text: '≥ 1 × gone', reached: null, met: null },
    ]);
    expect(blocked?.verdicts).toEqual([{ text: '≤ 50 µs', reached: 40, met: true }]);
    expect(score([outcome([570])])).toEqual({ met: 2, missed: 1, open: 1 });
  });

  it('judges a rival of ours by its own name', () => {
    const heap = {
      ...question,
      metrics: [
        { key: 'perSecond', title: '', unit: '/s', targets: [{ of: 'big', than: 'ours', atLeast: 0.9 }] },
      ],
    };
    const judged = judge(
      heap,
      [
        { label: 'ours', rounds: [{ perSecond: 100 }] },
        { label: 'big', rounds: [{ perSecond: 95 }] },
      ],
      [],
    );
    expect(judged.metrics[0]?.verdicts).toEqual([{ text: 'big: ≥ 0.9 × ours', reached: 0.95, met: true }]);
  });
});

describe('the table', () => {
  it('has a row for each rival with its ratio, and one for who was left out', () => {
    const rows = toRows(outcome([570]));
    expect(rows).toHaveLength(6);
    expect(rows[0]).toContain('≥ 5 × child_process: 5.70 ✓ met; ≥ 0.6 × C, one thread: 0.570 ✗ missed');
    expect(rows[1]).toBe('|  | child_process | 100 | 100 – 100 | 5.70× |  |');
    expect(rows.at(-1)).toBe('|  | gone | left out | not \\| installed |  |  |');
  });

  it.each([
    [1234.5, '1,235'],
    [0.01234, '0.0123'],
    [0, '0'],
    [NaN, '–'],
  ])('shows %f as %s', (value, shown) => {
    expect(digits(value)).toBe(shown);
  });

  it('shows a ratio that is not known as a dash', () => {
    expect(times(null)).toBe('–');
  });
});

describe('the page', () => {
  it('needs nothing from elsewhere and escapes what it shows', () => {
    const html = toHtml(run([outcome([570])]), '2 × <cpu>', []);
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).not.toMatch(/<script|@import|url\(/);
    expect(html).toContain('2 × &#60;cpu&#62;');
    expect(html).toContain('rate of true &#38; &#60;others&#62;');
    expect(html).toContain(
      '<strong class="met">2 targets met</strong>, <strong class="missed">1 missed</strong>',
    );
    expect(html.match(/<svg /g)).toHaveLength(2);
  });

  it('draws bars in proportion, all within the picture', () => {
    const metric = outcome([500, 700]).metrics[0];
    if (metric === undefined) throw new Error('no metric');
    const svg = barChart(metric);
    const widths = [...svg.matchAll(/<rect class="\w+"[^>]* width="([\d.]+)"/g)].map((match) =>
      Number(match[1]),
    );
    expect(widths).toHaveLength(3);
    expect((widths[0] ?? 0) / (widths[2] ?? 1)).toBeCloseTo(0.6, 2);
    expect(svg).toContain('class="limit"');
    const ends = [...svg.matchAll(/x2?="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(Math.max(...ends)).toBeLessThanOrEqual(720);
  });
});

describe('comparing with an earlier run', () => {
  it('tells a real difference from one that may be chance, and which way is better', () => {
    const before = run([outcome([500, 520], 40)]);
    const after = run([outcome([700, 710], 60)]);
    const changes = compare(before, after);
    const of = (metric: string, rival: string) =>
      changes.find((change) => change.metric === metric && change.rival === rival);
    expect(of('captured', 'ours')).toMatchObject({ verdict: 'better', before: 510, after: 705 });
    expect(of('blocked', 'ours')).toMatchObject({ verdict: 'worse', ratio: 1.5 });
    expect(of('captured', 'child_process')).toMatchObject({ verdict: 'same', ratio: 1 });
    const table = changeTable(changes);
    expect(table.filter((row) => row.includes('| ours |'))).toHaveLength(2);
    expect(table[2]).toContain('+38.2 %');
    expect(table.at(-1)).toMatch(/^3 of 5 figures: no difference/);
    expect(toHtml(after, '', changes)).toContain('Beside the earlier run');
  });

  it('skips what the earlier run does not have', () => {
    expect(compare(run([]), run([outcome([1])]))).toEqual([]);
  });

  it('refuses a file that is no run', () => {
    expect(() => readRun('{"a":1}')).toThrow('not the JSON of a bench run');
    expect(readRun(JSON.stringify(run([outcome([1])]))).outcomes).toHaveLength(1);
  });
});
