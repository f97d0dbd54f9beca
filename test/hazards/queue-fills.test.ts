import { describe, expect } from 'vitest';
import { bytesOf, failure, newGate, pattern, release, story, test } from './fault.js';

// H1, H2: 4096 events for a whole runtime. A reader that stalls must not fill them.

describe('one stalled reader of a flood', () => {
  test('ten other executions and new boxes keep flowing, and nothing is lost', async ({ runtime, box }) => {
    const flood = await box.exec('flood stdout 12000 100; end 0');
    flood.stdout.pause();
    flood.stdout.read(0);
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, i) => box.run(`flood stdout 500 64; stderr "${i}"; end ${i}`)),
    );
    others.forEach(({ stdout, stderr, exitCode }, i) => {
      expect(Buffer.from(stdout).equals(pattern(32_000))).toBe(true);
      expect([stderr, exitCode]).toEqual([String(i), i]);
    });
    expect((await (await runtime.create()).run('end 0')).exitCode).toBe(0);
    expect((await bytesOf(flood.stdout)).equals(pattern(1_200_000))).toBe(true);
    expect((await flood.wait()).exitCode).toBe(0);
  });

  test('what nobody reads goes to disk past the bound and comes back in order', async ({ box }) => {
    const execution = await box.exec('flood stdout 80 65536; stdout "end"; end 0');
    expect((await execution.wait()).exitCode).toBe(0);
    const bytes = await bytesOf(execution.stdout);
    expect(bytes.length).toBe(80 * 65536 + 3);
    expect(bytes.equals(Buffer.concat([pattern(80 * 65536), Buffer.from('end')]))).toBe(true);
  });

  test('an endless flood that nobody reads ends at maxBufferedBytes', async ({ box }) => {
    const execution = await box.exec('flood stderr 1000000 4096', [], { maxBufferedBytes: 2_000_000 });
    const error = await failure(execution.wait());
    expect(error).toMatchObject({ name: 'ResourceExhaustedError' });
    expect(error.message).toContain('maxBufferedBytes');
    const kept: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of execution.stderr) kept.push(chunk as Buffer);
    })();
    expect(await failure(reading)).toMatchObject({ name: 'ResourceExhaustedError', message: error.message });
    expect(Buffer.concat(kept).equals(pattern(488 * 4096))).toBe(true);
  });
});

describe('a queue that is full', () => {
  test('delays answers, and loses none', async ({ runtime, box }) => {
    const gate = newGate();
    const execution = await box.exec(`stdout "a"; queue-full ${gate}; stdout "b"; end 0`);
    const told = story(execution);
    let created = 0;
    const boxes = Array.from({ length: 5 }, () => runtime.create().then(() => created++));
    expect(created).toBe(0);
    await release(box, gate);
    await Promise.all(boxes);
    expect(await told).toEqual(['stdout:ab', 'exit:0', 'wait:0']);
  });

  test('for a time only: the same', async ({ box }) => {
    expect(await story(await box.exec('queue-full 30ms; stdout "a"; end 0'))).toEqual([
      'stdout:a',
      'exit:0',
      'wait:0',
    ]);
  });
});

describe('a drain that is slow', () => {
  test('keeps the order', async ({ box }) => {
    const told = await story(
      await box.exec('drain-holds 2ms; wait 0; flood stdout 20 16; stderr "e"; exit 0'),
    );
    expect(told).toEqual([`stdout:${pattern(320).toString()}`, 'stderr:e', 'exit:0', 'wait:0']);
  });

  test('that dispatches nothing while the queue fills delivers all of it afterwards', async ({ box }) => {
    const gate = newGate();
    const flood = await box.exec(`drain-holds ${gate}; flood stdout 6000 16; end 0`);
    const output = bytesOf(flood.stdout);
    const others = Array.from({ length: 10 }, (_, i) => box.run(`stdout "${i}"; end 0`));
    await release(box, gate);
    expect((await output).equals(pattern(96_000))).toBe(true);
    expect((await Promise.all(others)).map(({ stdout }) => stdout)).toEqual([...'0123456789']);
  });
});
