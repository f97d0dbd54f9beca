import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { newExecution, type Execution } from '../../lib/execution.js';
import type { StdinSource } from '../../lib/exec-options.js';
import { AbortError, InternalError, InvalidArgumentError, InvalidStateError } from '../../lib/index.js';
import { FakeExecution } from './fake-execution.js';

interface Wanted {
  stdin?: StdinSource;
  signal?: AbortSignal;
  tty?: boolean;
}

function start(wanted: Wanted = {}): { fake: FakeExecution; execution: Execution; running: Set<Execution> } {
  const fake = new FakeExecution();
  const running = new Set<Execution>();
  const { stdin = 'pipe', signal, tty = false } = wanted;
  const execution = newExecution(fake, { native: { command: 'any', tty }, stdin, signal }, running);
  return { fake, execution, running };
}

/** Everything that an execution tells, in order. */
function listen(execution: Execution): string[] {
  const story: string[] = [];
  execution.on('exit', ({ exitCode, signal }) => story.push(`exit:${exitCode ?? signal}`));
  execution.on('close', () => story.push('close'));
  return story;
}

describe('order of the end', () => {
  test('data, exit, wait, close', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    execution.stdout.on('data', (data: Buffer) => story.push(`data:${data.toString()}`));
    const waited = execution.wait().then(() => story.push('wait'));
    fake.write1('a').write1('b').end(0);
    await waited;
    await once(execution, 'close');
    expect(story).toEqual(['data:a', 'data:b', 'exit:0', 'wait', 'close']);
  });

  test('holds exit and wait for a slow reader', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    fake.write1('a').write1('b').end(3);
    const waited = execution.wait().then(() => story.push('wait'));
    for await (const data of execution.stdout) {
      for (let i = 0; i < 5; i++) await turn();
      story.push(`handled:${String(data)}`);
    }
    await waited;
    expect(story.slice(0, 4)).toEqual(['handled:a', 'handled:b', 'exit:3', 'wait']);
  });

  test('holds exit until the loop has handled a last line without newline', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    fake.write1('one\ntail').end(0);
    for await (const line of execution.lines()) {
      for (let i = 0; i < 5; i++) await turn();
      story.push(line);
    }
    await execution.wait();
    expect(story.slice(0, 3)).toEqual(['one', 'tail', 'exit:0']);
  });

  test('holds exit until the rest of a cut character was given out', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    execution.stdout.setEncoding('utf8');
    fake.write1(Buffer.from([0x61, 0xe2, 0x82])).end(0);
    for await (const text of execution.stdout) story.push(text as string);
    await execution.wait();
    expect(story.slice(0, 3)).toEqual(['a', '\ufffd', 'exit:0']);
  });

  test('a stream that was only looked at holds nothing up and can be read later', async () => {
    const { fake, execution } = start();
    const { stdout } = execution;
    fake.write1('kept').end(0);
    expect((await execution.wait()).exitCode).toBe(0);
    expect(fake.reader(1)).toBe('none');
    expect((await stdout.toArray()).join('')).toBe('kept');
  });

  test('a reader that leaves holds nothing up', async () => {
    const { fake, execution } = start();
    fake.write1('a').write1('b');
    for await (const data of execution.stdout) {
      expect(String(data)).toBe('a');
      break;
    }
    expect(fake.reader(1)).toBe('left');
    fake.end(0);
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('wait without drain does not wait for readers', async () => {
    const { fake, execution } = start();
    execution.stdout.once('readable', () => undefined);
    fake.write1('unread').end(0);
    expect((await execution.wait({ drain: false })).exitCode).toBe(0);
    expect(fake.exited).toBe(false);
    await execution.close();
  });

  test('close comes after exit also where nobody reads', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    fake.end(0);
    await execution.wait();
    story.push('wait');
    await once(execution, 'close');
    expect(story).toEqual(['exit:0', 'wait', 'close']);
  });
});

describe('wait', () => {
  test('is answered in the order of asking, before and after the end', async () => {
    const { fake, execution } = start();
    const answers: number[] = [];
    const early = Array.from({ length: 10 }, (_, i) => execution.wait().then(() => answers.push(i)));
    fake.end(0);
    await Promise.all(early);
    const late = Array.from({ length: 10 }, (_, i) => execution.wait().then(() => answers.push(10 + i)));
    await Promise.all(late);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('rejects with the typed error if the end could not be learned, and exit is not made up', async () => {
    const { fake, execution } = start();
    const story = listen(execution);
    fake.end(-1, { error: new InternalError('lost') });
    await expect(execution.wait()).rejects.toThrow(InternalError);
    await once(execution, 'close');
    expect(story).toEqual(['close']);
  });

  test('an unknown end that nobody waits for disturbs nobody', async () => {
    const { fake, execution } = start();
    fake.end(-1, { error: new InternalError('lost') });
    await once(execution, 'close');
  });

  test('points at the line that waited', async () => {
    const { fake, execution } = start();
    fake.end(-1, { error: new InternalError('lost') });
    const error: unknown = await execution.wait().catch((reason: unknown) => reason);
    expect((error as Error).stack).toContain('execution-order.test.ts');
    expect((error as InternalError).operation).toBe('execution.wait');
  });

  test('is answered although an exit listener throws', async () => {
    const { fake, execution } = start();
    execution.on('exit', () => {
      throw new Error('from a listener');
    });
    const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
    fake.end(0);
    expect((await execution.wait()).exitCode).toBe(0);
    expect(await caught).toMatchObject({ message: 'from a listener' });
  });
});

describe('abort', () => {
  test('kills and rejects with an AbortError whose cause is the reason', async () => {
    const controller = new AbortController();
    const { fake, execution } = start({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    const error: unknown = await execution.wait().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
    expect(fake.signals).toEqual([9]);
  });

  test('after the end changes nothing', async () => {
    const controller = new AbortController();
    const { fake, execution } = start({ signal: controller.signal });
    fake.end(0);
    await execution.wait();
    controller.abort();
    expect((await execution.wait()).exitCode).toBe(0);
    expect(fake.signals).toEqual([]);
  });
});

describe('kill', () => {
  test('after the end resolves', async () => {
    const { fake, execution } = start();
    fake.end(0);
    await execution.wait();
    await execution.kill('SIGTERM');
    expect(fake.signals).toEqual([]);
  });

  test('resolves if the process was gone although its end is not yet told', async () => {
    const { fake, execution } = start();
    execution.stdout.once('readable', () => undefined);
    fake.write1('x').end(0);
    fake.refusal = new InternalError('Failed to send signal');
    await execution.kill('SIGTERM');
    await execution.close();
  });

  test('rejects with what the engine says of a process that lives', async () => {
    const { fake, execution } = start();
    fake.refusal = new InvalidStateError('no');
    await expect(execution.kill()).rejects.toThrow(InvalidStateError);
  });

  test.each(['SIGNOPE', 0, 65, 1.5, '', null])('refuses %j, as a rejection', async (signal) => {
    const { fake, execution } = start();
    const killing = execution.kill(signal as never);
    await expect(killing).rejects.toThrow(InvalidArgumentError);
    expect(fake.signals).toEqual([]);
  });
});

describe('one reader', () => {
  test('lines() of a stream that is read rejects at next()', async () => {
    const { execution } = start();
    execution.stdout.resume();
    await turn();
    await expect(execution.lines().next()).rejects.toThrow(InvalidStateError);
    await expect(execution.output().next()).rejects.toThrow(InvalidStateError);
  });

  test('a stream that is read by lines() fails, and the lines go on', async () => {
    const { fake, execution } = start();
    const lines = execution.lines();
    const first = lines.next();
    execution.stdout.resume();
    await expect(once(execution.stdout, 'end')).rejects.toThrow(InvalidStateError);
    fake.write1('still here\n');
    expect((await first).value).toBe('still here');
  });
});

describe('stdin', () => {
  test("'ignore' destroys the stream, which was closed from the start", () => {
    const { fake, execution } = start({ stdin: 'ignore' });
    expect(execution.stdin.destroyed).toBe(true);
    expect(fake.stdinClosed).toBe(0);
  });

  test.each([
    ['a string', () => 'häm'],
    ['bytes', () => Buffer.from('häm')],
    ['a Readable', () => Readable.from([Buffer.from('hä'), Buffer.from('m')])],
    ['an async iterable', () => pieces('hä', 'm')],
  ])('writes all of %s, then the end', async (_name, source) => {
    const { fake } = start({ stdin: source() });
    while (fake.stdinClosed === 0) await turn();
    expect(Buffer.concat(fake.written).toString()).toBe('häm');
  });

  test('a process that does not read is no failure', async () => {
    const { fake, execution } = start({ stdin: pieces('a', 'b') });
    fake.brokenPipe = new InternalError('reader gone');
    fake.end(0);
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('a source that fails kills the command, and wait says so', async () => {
    const trouble = new Error('source failed');
    const { fake, execution } = start({
      stdin: (async function* () {
        yield 'a';
        throw trouble;
      })(),
    });
    await expect(execution.wait()).rejects.toBe(trouble);
    expect(fake.signals).toEqual([9]);
  });

  test('the source is left when the process ends', async () => {
    let left = false;
    const { fake, execution } = start({
      stdin: (async function* () {
        try {
          for (;;) {
            await turn();
            yield 'more';
          }
        } finally {
          left = true;
        }
      })(),
    });
    fake.end(0);
    await execution.wait();
    while (!left) await turn();
  });
});

describe('close', () => {
  test('ends streams, iterators and waits, and may be called twice', async () => {
    const { fake, execution, running } = start();
    const line = execution.lines('stderr').next();
    const { stdout } = execution;
    const waited = execution.wait();
    await Promise.all([execution.close(), execution.close()]);
    expect(fake.closed).toBe(1);
    expect((await line).done).toBe(true);
    expect(stdout.destroyed).toBe(true);
    expect((await waited).signal).toBe('SIGKILL');
    expect(running.size).toBe(0);
  });
});

test('stderr with a terminal ends at once', async () => {
  const { execution } = start({ tty: true });
  expect(await execution.stderr.toArray()).toEqual([]);
  expect((await execution.lines('stderr').next()).done).toBe(true);
});

test('output() gives both streams in order of arrival', async () => {
  const { fake, execution } = start();
  fake.write1('a').write1('b', 2).write1('c').end(0);
  const story: string[] = [];
  for await (const { stream, data } of execution.output()) story.push(`${stream}:${data.toString()}`);
  expect(story).toEqual(['stdout:a', 'stderr:b', 'stdout:c']);
});

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) {
    await turn();
    yield text;
  }
}
