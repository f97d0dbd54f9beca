import { expect } from 'vitest';
import { Runtime } from '../../lib/index.js';
import { bytesOf, program, sh, sha256, test } from './support.js';

test('a stream that nobody reads holds nothing up, and all of it can be read after wait', async ({ box }) => {
  const execution = await box.exec(process.execPath, [program('blocks.cjs'), '2000']);
  expect((await execution.wait()).exitCode).toBe(0);
  const checksum = (await bytesOf(execution.stderr)).toString();
  expect(sha256(await bytesOf(execution.stdout))).toBe(checksum);
});

test('a stream that was only looked at holds nothing up either', async ({ box }) => {
  const execution = await sh(box, 'seq 1 100000');
  const { stdout } = execution;
  stdout.on('end', () => undefined);
  await execution.wait();
  expect((await bytesOf(stdout)).length).toBe(588_895);
});

test('lines can be read after wait', async ({ box }) => {
  const execution = await sh(box, 'seq 1 1000');
  await execution.wait();
  let sum = 0;
  for await (const line of execution.lines()) sum += Number(line);
  expect(sum).toBe(500_500);
});

test('one stream is read while nobody reads the other', async ({ box }) => {
  const execution = await sh(box, 'head -c 3000000 /dev/zero >&2; echo done');
  expect((await bytesOf(execution.stdout)).toString()).toBe('done\n');
  await execution.wait();
  expect((await bytesOf(execution.stderr)).length).toBe(3_000_000);
});

test('more than maxBufferedBytes of a stream that nobody reads ends the command with its own error', async ({
  box,
}) => {
  const execution = await sh(box, 'head -c 50000000 /dev/zero; sleep 60', { maxBufferedBytes: 4_000_000 });
  await expect(execution.wait()).rejects.toMatchObject({ code: 'resource_exhausted', errno: 20 });
});

test('who reads what was kept of too much is told that it is not all', async ({ box }) => {
  const limits = { maxBufferedBytes: 300_000 };
  const execution = await sh(box, 'yes 0123456789abcde | head -c 5000000; sleep 60', limits);
  await expect(execution.wait()).rejects.toMatchObject({ code: 'resource_exhausted' });
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of execution.lines()) lines.push(line);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'resource_exhausted', operation: 'execution.read' });
  expect(new Set(lines)).toEqual(new Set(['0123456789abcde']));
  // The other stream has all of it, which is nothing.
  expect((await bytesOf(execution.stderr)).length).toBe(0);
});

test('a hundred unread commands are no obstacle to closing', async () => {
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  await Promise.all(Array.from({ length: 100 }, () => sh(box, 'seq 1 1000')));
  await runtime.close();
});
