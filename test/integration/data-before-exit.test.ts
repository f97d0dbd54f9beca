import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { listen, sh, test } from './support.js';

describe('for a stream that somebody reads', () => {
  test('data comes before exit, and exit before wait', async ({ box }) => {
    const execution = await sh(box, 'printf one; printf two >&2; exit 3');
    const story = listen(execution);
    execution.stdout.on('data', (data: Buffer) => story.push(`stdout:${data.toString()}`));
    execution.stderr.on('data', (data: Buffer) => story.push(`stderr:${data.toString()}`));
    await execution.wait().then(() => story.push('wait'));
    expect(story.slice(0, 2).sort()).toEqual(['stderr:two', 'stdout:one']);
    expect(story.slice(2, 4)).toEqual(['exit:3', 'wait']);
  });

  test('a wait that is asked first is answered last', async ({ box }) => {
    const execution = await sh(box, 'seq 1 20000');
    const waited = execution.wait();
    let bytes = 0;
    let atWait = -1;
    void waited.then(() => (atWait = bytes));
    for await (const chunk of execution.stdout) bytes += (chunk as Buffer).length;
    await waited;
    expect(atWait).toBe(108_894);
  });

  test('exit and wait wait for a reader that is slower than the process', async ({ box }) => {
    const execution = await sh(box, 'head -c 600000 /dev/zero');
    const story = listen(execution);
    const waited = execution.wait().then(() => story.push('wait'));
    let bytes = 0;
    for await (const chunk of execution.stdout) {
      await sleep(20);
      bytes += (chunk as Buffer).length;
      story.push('handled');
    }
    await waited;
    expect(bytes).toBe(600_000);
    expect(story.slice(story.lastIndexOf('handled') + 1, story.lastIndexOf('handled') + 3)).toEqual([
      'exit:0',
      'wait',
    ]);
  });

  test('a paused stream holds them until it flows again', async ({ box }) => {
    const execution = await sh(box, 'echo all');
    const story = listen(execution);
    execution.stdout.on('data', (data: Buffer) => story.push(data.toString()));
    execution.stdout.pause();
    execution.stdout.read(0);
    expect((await execution.wait({ drain: false })).exitCode).toBe(0);
    await sleep(50);
    expect(story).toEqual([]);
    execution.stdout.resume();
    await execution.wait();
    expect(story.slice(0, 2)).toEqual(['all\n', 'exit:0']);
  });

  test('lines and output keep the order too', async ({ box }) => {
    const lined = await sh(box, 'printf "a\\nb\\ntail"');
    const story = listen(lined);
    for await (const line of lined.lines()) {
      await sleep(5);
      story.push(line);
    }
    await lined.wait();
    expect(story.slice(0, 4)).toEqual(['a', 'b', 'tail', 'exit:0']);

    const both = await sh(box, 'echo 1; sleep 0.05; echo 2 >&2; sleep 0.05; echo 3');
    const order = listen(both);
    for await (const { stream, data } of both.output()) order.push(`${stream}:${data.toString().trim()}`);
    await both.wait();
    expect(order.slice(0, 4)).toEqual(['stdout:1', 'stderr:2', 'stdout:3', 'exit:0']);
  });
});

test('1,000 short commands lose no byte', async ({ box }) => {
  for (let batch = 0; batch < 100; batch++) {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        box.run('/bin/sh', ['-c', `printf out${batch}.${i}; printf err${i} >&2`]),
      ),
    );
    results.forEach((result, i) => {
      expect(result).toMatchObject({
        stdout: `out${batch}.${i}`,
        stderr: `err${i}`,
        exitCode: 0,
        truncated: false,
      });
    });
  }
});

test('ten waits, before and after the end, are answered in the order of asking', async ({ box }) => {
  const execution = await sh(box, 'echo x; exit 7');
  const answers: number[] = [];
  const ask = (i: number) => execution.wait().then(({ exitCode }) => answers.push(i, exitCode as number));
  await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i)));
  await Promise.all(Array.from({ length: 10 }, (_, i) => ask(10 + i)));
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => [i, 7]).flat());
});
