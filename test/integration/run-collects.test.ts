import { describe, expect } from 'vitest';
import { CommandFailedError } from '../../lib/index.js';
import { test } from './support.js';

const script = (text: string): [string, string[]] => ['/bin/sh', ['-c', text]];

describe('maxBytes', () => {
  test('keeps the first bytes, says so, and lets the command go on', async ({ box }) => {
    const result = await box.run(...script('seq 1 1000000; echo end >&2; exit 3'), { maxBytes: 10 });
    expect(result).toMatchObject({
      stdout: '1\n2\n3\n4\n5\n',
      stderr: 'end\n',
      truncated: true,
      exitCode: 3,
    });
  });

  test('is no bound that is reached by its own size', async ({ box }) => {
    expect(await box.run('printf', ['12345'], { maxBytes: 5 })).toMatchObject({
      stdout: '12345',
      truncated: false,
    });
  });

  test.for([1_000, 1_000_000])('keeps %i bytes of a flood and no more', async (maxBytes, { box }) => {
    const before = process.memoryUsage.rss();
    const { stdout, truncated } = await box.run('head', ['-c', '300000000', '/dev/zero'], { maxBytes });
    expect([stdout.length, truncated]).toEqual([maxBytes, true]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  test('bounds memory', async ({ box }) => {
    const before = process.memoryUsage().rss;
    let most = 0;
    const result = await box.run('head', ['-c', '500000000', '/dev/zero'], {
      maxBytes: 1_000_000,
      onStdout: () => (most = Math.max(most, process.memoryUsage.rss())),
    });
    expect(result.stdout.length).toBe(1_000_000);
    expect(most - before).toBeLessThan(150_000_000);
  });
});

test('a large value is exact to the byte', async ({ box }) => {
  const { stdout, stderr } = await box.run(...script('seq 1 1500000; seq 1 10000 >&2'), {
    encoding: 'buffer',
  });
  const upTo = (last: number) => Array.from({ length: last }, (_, i) => `${i + 1}\n`).join('');
  expect(stdout.equals(Buffer.from(upTo(1_500_000)))).toBe(true);
  expect(stderr.equals(Buffer.from(upTo(10_000)))).toBe(true);
});

describe('check', () => {
  test('is content with 0', async ({ box }) => {
    expect((await box.run('true', [], { check: true })).exitCode).toBe(0);
  });

  test('rejects with what is needed to understand the failure', async ({ box }) => {
    const failing = box.run(...script('seq 1 10000; echo "it broke" >&2; exit 3'), { check: true });
    const error = (await failing.catch((thrown: unknown) => thrown)) as CommandFailedError;
    expect(error).toBeInstanceOf(CommandFailedError);
    expect(error.status).toMatchObject({ exitCode: 3, signal: null, timedOut: false });
    expect(error.stderrTail).toBe('it broke\n');
    expect(error.stdoutTail.length).toBe(4096);
    expect(error.stdoutTail.endsWith('9999\n10000\n')).toBe(true);
    expect(error.commandLine).toContain('/bin/sh -c ');
    expect(error.message).toContain('it broke');
  });

  test('the tail is the end of what came, also beyond maxBytes', async ({ box }) => {
    const failing = box.run(...script('seq 1 10000; exit 1'), { check: true, maxBytes: 5 });
    const error = (await failing.catch((thrown: unknown) => thrown)) as CommandFailedError;
    expect(error.stdoutTail.length).toBe(4096);
    expect(error.stdoutTail.endsWith('9999\n10000\n')).toBe(true);
  });

  test('a signal is a failure too', async ({ box }) => {
    await expect(box.run(...script('kill -9 $$'), { check: true })).rejects.toMatchObject({
      status: { exitCode: null, signal: 'SIGKILL' },
    });
  });
});

describe('callbacks', () => {
  test('are given every chunk, also beyond maxBytes', async ({ box }) => {
    let stdout = 0;
    let stderr = '';
    await box.run(...script('head -c 200000 /dev/zero; echo x >&2'), {
      maxBytes: 1,
      onStdout: (chunk) => (stdout += chunk.length),
      onStderr: (chunk) => (stderr += chunk.toString()),
    });
    expect([stdout, stderr]).toEqual([200_000, 'x\n']);
  });

  test('one that throws kills the command and is what run rejects with', async ({ box }) => {
    const trouble = new Error('from the callback');
    const running = box.run(...script('echo x; sleep 300'), {
      onStdout: () => {
        throw trouble;
      },
    });
    await expect(running).rejects.toBe(trouble);
  });
});

test('encoding buffer gives bytes', async ({ box }) => {
  const { stdout } = await box.run(...script("printf '\\377\\000a'"), { encoding: 'buffer' });
  expect(Buffer.isBuffer(stdout)).toBe(true);
  expect([...stdout]).toEqual([255, 0, 97]);
});

test('reads nothing from stdin unless it is given something', async ({ box }) => {
  expect((await box.run('cat')).stdout).toBe('');
  expect((await box.run('cat', [], { stdin: 'given' })).stdout).toBe('given');
});
