import { describe, expect, it } from 'vitest';
import { LeftOut, type Contender } from '../../bench/contender.js';
import { ask } from '../../bench/harness.js';
import type { Figures } from '../../bench/measures.js';
import type { Question, Rival } from '../../bench/question.js';

const question: Question = {
  id: 'q',
  title: 'a question',
  measure: 'speed',
  params: { size: 100 },
  quick: { size: 1 },
  metrics: [{ key: 'rate', title: 'rate', unit: '/s', targets: [{ than: 'theirs', atLeast: 2 }] }],
  rivals: [
    { label: 'ours', peer: 'a' },
    { label: 'theirs', peer: 'b' },
  ],
};

/** Rivals that give the figures of a list, one a round, and write down what they were asked. */
function arena(figures: Record<string, (number | Error)[]>) {
  const log: string[] = [];
  const asked: unknown[] = [];
  const open = async ({ label }: Rival): Promise<Contender> => {
    const own = figures[label];
    if (own === undefined) throw new LeftOut('not installed');
    log.push(`open ${label}`);
    return {
      async ask(measure, params): Promise<Figures> {
        log.push(label);
        asked.push([measure, params]);
        const next = own.shift();
        if (next instanceof Error) throw next;
        return { rate: next as number };
      },
      async close() {
        log.push(`close ${label}`);
      },
    };
  };
  return { log, asked, open };
}

const silent = () => undefined;

describe('asking a question', () => {
  it('takes turns, does not count the first round, and judges the medians', async () => {
    const { log, asked, open } = arena({ ours: [999, 10, 30, 20], theirs: [999, 5, 6, 7] });
    const progress: number[] = [];
    const outcome = await ask(question, {
      rounds: 3,
      quick: false,
      onRound: (done) => progress.push(done),
      open,
    });
    expect(log.slice(2, -2)).toEqual([
      'ours',
      'theirs',
      'ours',
      'theirs',
      'ours',
      'theirs',
      'ours',
      'theirs',
    ]);
    expect(asked[0]).toEqual(['speed', { size: 100 }]);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(outcome.metrics[0]).toMatchObject({
      figures: [
        { rival: 'ours', median: 20, min: 10, max: 30, values: [10, 30, 20] },
        { rival: 'theirs', median: 6 },
      ],
      verdicts: [{ text: '≥ 2 × theirs', met: true }],
    });
    expect(outcome.metrics[0]?.verdicts[0]?.reached).toBeCloseTo(20 / 6);
  });

  it('asks for less with quick, and for what a rival needs otherwise', async () => {
    const { asked, open } = arena({ ours: [1, 1], theirs: [1, 1] });
    const rivals = [question.rivals[0] as Rival, { label: 'theirs', peer: 'b', params: { size: 7 } }];
    await ask({ ...question, rivals }, { rounds: 1, quick: true, onRound: silent, open });
    expect(asked.slice(0, 2)).toEqual([
      ['speed', { size: 1 }],
      ['speed', { size: 7 }],
    ]);
  });

  it('leaves out who is not there, with the reason, and leaves its target open', async () => {
    const { open } = arena({ ours: [1, 1] });
    const outcome = await ask(question, { rounds: 1, quick: false, onRound: silent, open });
    expect(outcome.left).toEqual([{ rival: 'theirs', reason: 'not installed' }]);
    expect(outcome.metrics[0]?.verdicts).toEqual([{ text: '≥ 2 × theirs', reached: null, met: null }]);
  });

  it('gives no figure to a rival with one wrong result', async () => {
    const { log, open } = arena({ ours: [1, 1, 1], theirs: [9, 9, new Error('bytes: expected 5, got 4')] });
    const outcome = await ask(question, { rounds: 2, quick: false, onRound: silent, open });
    expect(outcome.metrics[0]?.figures.map(({ rival }) => rival)).toEqual(['ours']);
    expect(outcome.left).toEqual([{ rival: 'theirs', reason: 'failed: bytes: expected 5, got 4' }]);
    expect(log).toContain('close theirs');
  });

  it('gives every round a fresh process, and none to warm up, where memory is measured', async () => {
    const { log, open } = arena({ ours: [4, 5], theirs: [1, 1] });
    const outcome = await ask(
      { ...question, fresh: true },
      { rounds: 2, quick: false, onRound: silent, open },
    );
    expect(outcome.metrics[0]?.figures[0]?.values).toEqual([4, 5]);
    expect(log.filter((line) => line === 'open ours')).toHaveLength(2);
    expect(log.filter((line) => line === 'close ours')).toHaveLength(2);
  });
});
