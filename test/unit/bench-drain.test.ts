import { describe, expect, it } from 'vitest';
import { drain, type DrainOptions } from '../../lib/bench/drain.js';
import { drainText } from '../../lib/bench/drain-report.js';
import { isClean } from '../../lib/bench/drain-tally.js';
import type { DrainTarget } from '../../lib/bench/drain-target.js';
import type { ExecutionWatch } from '../../lib/bench/execution-watch.js';
import { exitCodeOf, WrittenStream, type StreamName } from '../../lib/bench/written-stream.js';

const lines = 4;

/** An engine that does what the test says with each execution. */
function engine(behave: (watch: ExecutionWatch, execution: number, args: string[]) => void): DrainTarget {
  return {
    engine: { kind: 'library', version: '0', isolation: 'vm', capabilities: [] },
    sharesFiles: false,
    seesRawWait: true,
    run: async ({ args }, watch) => behave(watch, Number(args.at(-3)), args),
    close: async () => undefined,
  };
}

function text(stream: StreamName, execution: number, from = 1, to = lines): Buffer {
  const written = new WrittenStream(stream, execution);
  let all = '';
  for (let n = from; n <= to; n++) all += `${written.line(n)}\n`;
  return Buffer.from(all);
}

function output(watch: ExecutionWatch, execution: number): void {
  watch.data('stdout', text('stdout', execution));
  watch.data('stderr', text('stderr', execution));
}

function end(watch: ExecutionWatch, execution: number): void {
  watch.exit(exitCodeOf(execution));
  watch.waited(exitCodeOf(execution));
}

function run(target: DrainTarget, more: Partial<DrainOptions> = {}) {
  return drain(target, { executions: 20, concurrency: 3, bytes: lines * 64, pattern: 'both', ...more });
}

describe('bench drain', () => {
  it('finds an engine that does everything right clean', async () => {
    const report = await run(
      engine((watch, execution) => {
        output(watch, execution);
        end(watch, execution);
      }),
    );
    expect(isClean(report)).toBe(true);
    expect(report).toMatchObject({ executions: 20, lostBytes: 0, expectedBytes: 20 * 2 * 256, lossRate: 0 });
    expect(report.histogram).toEqual([{ lines: 8, executions: 20 }]);
    expect(report.naive).toBeUndefined();
    expect(drainText(report, false)).toContain('every byte came');
  });

  it('counts what is lost, by execution and by byte', async () => {
    const report = await run(
      engine((watch, execution) => {
        if (execution % 4 === 0) watch.data('stdout', text('stdout', execution, 1, 3));
        else output(watch, execution);
        end(watch, execution);
      }),
    );
    expect(isClean(report)).toBe(false);
    expect(report).toMatchObject({
      executionsWithLoss: 5,
      lostLines: 25,
      lostBytes: 25 * 64,
      lossRate: 0.25,
    });
    expect(report.lossRateUpper95).toBeCloseTo(0.4556, 3);
    expect(report.histogram).toEqual([
      { lines: 3, executions: 5 },
      { lines: 8, executions: 15 },
    ]);
    expect(drainText(report, false)).toContain('NOT CLEAN');
  });

  it('counts a wait that overtook output, late chunks and events out of order', async () => {
    const report = await run(
      engine((watch, execution) => {
        watch.data('stderr', text('stderr', execution));
        end(watch, execution);
        watch.data('stdout', text('stdout', execution));
      }),
    );
    expect(report).toMatchObject({
      lostBytes: 0,
      waitsBeforeOutput: 20,
      lateChunks: 20,
      reorderedEvents: 20,
    });
    expect(isClean(report)).toBe(false);
  });

  it('counts a wait before exit and an exit that comes twice', async () => {
    const report = await run(
      engine((watch, execution) => {
        output(watch, execution);
        watch.waited(exitCodeOf(execution));
        watch.exit(exitCodeOf(execution));
        watch.exit(exitCodeOf(execution));
      }),
    );
    expect(report).toMatchObject({ lostBytes: 0, reorderedEvents: 40 });
  });

  it('counts made-up exit codes and ends that were not told, with their reasons', async () => {
    const report = await run(
      engine((watch, execution) => {
        output(watch, execution);
        if (execution === 3) watch.failed(new Error('connection lost'));
        else {
          watch.exit(execution === 5 ? -1 : exitCodeOf(execution));
          watch.waited(execution === 5 ? -1 : exitCodeOf(execution));
        }
      }),
    );
    expect(report).toMatchObject({ wrongExitCodes: 1, failures: 1, failureReasons: ['connection lost'] });
    expect(isClean(report)).toBe(false);
  });

  it('tells what a naive consumer would have lost in the same run, without calling that unclean', async () => {
    const report = await run(
      engine((watch, execution) => {
        output(watch, execution);
        end(watch, execution);
        watch.beneath(0, { stdoutBytes: execution < 5 ? 100 : 256, stderrBytes: 256 });
      }),
    );
    expect(isClean(report)).toBe(true);
    expect(report.naive).toMatchObject({
      executions: 20,
      executionsWithLoss: 5,
      lostBytes: 780,
      lossRate: 0.25,
    });
    expect(drainText(report, true)).toContain('would have lost 780 bytes in 5 of 20 executions (25.0 %)');
  });

  it('takes burst and trickle in turns for both', async () => {
    const patterns: (string | undefined)[] = [];
    await run(engine((_watch, _execution, args) => patterns.push(args.at(-4))));
    expect(patterns.filter((pattern) => pattern === 'burst')).toHaveLength(10);
    expect(patterns.filter((pattern) => pattern === 'trickle')).toHaveLength(10);
  });

  it.each([
    [{ executions: 0 }, /^executions must be a whole number from 1 to/],
    [{ concurrency: 1.5 }, /^concurrency must be a whole number from 1 to .* got 1.5/],
    [{ bytes: -1 }, /^bytes must be a whole number from 1 to/],
    [{ writer: 'compiled' }, /^writer cannot be 'compiled': the box does not share/],
  ])('refuses %o', async (options, message) => {
    await expect(
      run(
        engine(() => undefined),
        options,
      ),
    ).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(message) as string,
    });
  });
});
