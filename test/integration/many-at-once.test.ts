import { expect } from 'vitest';
import { bytesOf, program, sh, sha256, test } from './support.js';

test('200 commands at once, each with its own output', async ({ box }) => {
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      box.run('/bin/sh', ['-c', `seq ${i} ${i + 999}; echo ${i} >&2; exit ${i % 7}`]),
    ),
  );
  results.forEach(({ stdout, stderr, exitCode }, i) => {
    expect(stdout).toBe(Array.from({ length: 1000 }, (_, k) => `${i + k}\n`).join(''));
    expect([stderr, exitCode]).toEqual([`${i}\n`, i % 7]);
  });
});

test('a stalled reader stops nobody, and costs a bounded amount of memory', async ({ box }) => {
  const stalled = await sh(box, 'head -c 400000000 /dev/zero');
  stalled.stdout.once('readable', () => undefined);
  const before = process.memoryUsage.rss();

  const flowing = await Promise.all(
    Array.from({ length: 10 }, () => box.exec(process.execPath, [program('blocks.cjs'), '2000'])),
  );
  await Promise.all(
    flowing.map(async (execution) => {
      const [stdout, checksum] = await Promise.all([bytesOf(execution.stdout), bytesOf(execution.stderr)]);
      expect(sha256(stdout)).toBe(checksum.toString());
      await execution.wait();
    }),
  );

  // Ten readers keep 8 MB each; a spool without a bound would add 400 MB.
  expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
  let bytes = 0;
  for await (const chunk of stalled.stdout) bytes += (chunk as Buffer).length;
  expect(bytes).toBe(400_000_000);
  expect((await stalled.wait()).exitCode).toBe(0);
});
