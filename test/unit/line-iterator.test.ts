import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { newExecution, type Execution } from '../../lib/execution.js';
import { InternalError } from '../../lib/index.js';
import { FakeExecution } from './fake-execution.js';

function start(): { fake: FakeExecution; execution: Execution } {
  const fake = new FakeExecution();
  const plan = { native: { command: 'any', tty: false }, stdin: 'pipe', signal: undefined } as const;
  return { fake, execution: newExecution(fake, plan, new Set()) };
}

/** More than one piece that becomes text at once. */
const many = Array.from({ length: 5000 }, (_, i) => `line ${i}`);

describe('lines()', () => {
  test('gives all lines of all chunks, then the end, again and again', async () => {
    const { fake, execution } = start();
    const text = many.join('\n');
    fake.write1(text.slice(0, 20_001)).write1(text.slice(20_001)).end(0);
    const lines = execution.lines();
    const got: string[] = [];
    for await (const line of lines) got.push(line);
    expect(got).toEqual(many);
    expect(await lines.next()).toEqual({ value: undefined, done: true });
    expect(await lines.next()).toEqual({ value: undefined, done: true });
  });

  test('answers calls of next() that do not wait for each other in their order', async () => {
    const { fake, execution } = start();
    const lines = execution.lines();
    const early = [lines.next(), lines.next(), lines.next()];
    fake.write1('a\nb').write1('\nc\nd\ne\n').end(0);
    const results = await Promise.all(early);
    expect(results.map(({ value }) => value as string)).toEqual(['a', 'b', 'c']);
    const late = await Promise.all([lines.next(), lines.next(), lines.next(), lines.next()]);
    expect(late).toEqual([
      { value: 'd', done: false },
      { value: 'e', done: false },
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  test('gives every call a result of its own', async () => {
    const { fake, execution } = start();
    fake.write1('a\nb\n').end(0);
    const lines = execution.lines();
    const first = await lines.next();
    const second = await lines.next();
    expect([first.value, second.value]).toEqual(['a', 'b']);
  });

  test('does not read on before the lines that it has were taken', async () => {
    const { fake, execution } = start();
    fake
      .write1(`${many.join('\n')}\n`)
      .write1('more\n')
      .end(0);
    const lines = execution.lines();
    for (let i = 0; i < many.length; i++) await lines.next();
    expect(fake.reads).toBe(1);
    expect((await lines.next()).value).toBe('more');
    expect(fake.reads).toBe(2);
    expect(fake.exited).toBe(false);
    expect((await lines.next()).done).toBe(true);
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('holds exit until the last of many lines was handled', async () => {
    const { fake, execution } = start();
    let handled = 0;
    let atExit = 0;
    execution.on('exit', () => (atExit = handled));
    fake.write1(many.join('\n')).end(0);
    for await (const line of execution.lines()) {
      if (line.endsWith('00')) await turn();
      handled++;
    }
    await execution.wait();
    expect(atExit).toBe(many.length);
  });

  test.each([
    ['break', false],
    ['throw', true],
  ])('a %s in the middle of a chunk leaves the stream', async (_name, throws) => {
    const { fake, execution } = start();
    fake.write1(many.join('\n'));
    const lines = execution.lines();
    const loop = async () => {
      for await (const line of lines) {
        if (line !== 'line 3') continue;
        if (throws) throw new Error('enough');
        break;
      }
    };
    if (throws) await expect(loop()).rejects.toThrow('enough');
    else await loop();
    expect(fake.reader(1)).toBe('left');
    expect(await lines.next()).toEqual({ value: undefined, done: true });
    fake.end(0);
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('a read that fails rejects once, after the lines before it, and leaves the stream', async () => {
    const { fake, execution } = start();
    const broken = new InternalError('read failed');
    fake.write1('a\nb\n');
    const lines = execution.lines();
    expect((await lines.next()).value).toBe('a');
    fake.read = () => {
      throw broken;
    };
    expect((await lines.next()).value).toBe('b');
    await expect(lines.next()).rejects.toBe(broken);
    expect((await lines.next()).done).toBe(true);
    expect(fake.reader(1)).toBe('left');
  });
});

test('output() gives calls of next() that do not wait for each other their chunks in order', async () => {
  const { fake, execution } = start();
  const output = execution.output();
  const early = [output.next(), output.next(), output.next()];
  fake.write1('a').write1('b', 2).end(0);
  const results = await Promise.all(early);
  expect(results).toEqual([
    { value: { stream: 'stdout', data: Buffer.from('a') }, done: false },
    { value: { stream: 'stderr', data: Buffer.from('b') }, done: false },
    { value: undefined, done: true },
  ]);
});
