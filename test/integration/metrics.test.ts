import { describe, expect } from 'vitest';
import { ExecutionError, NotFoundError, StoppedError } from '../../lib/index.js';
import { bytesOf, firstLine, sh, test } from './support.js';

describe('of a box', () => {
  test('count commands, errors and bytes', async ({ box }) => {
    await box.run('cat', [], { stdin: 'x'.repeat(300_000) });
    await sh(box, 'printf 1234; printf 56 >&2').then((execution) => execution.wait());
    await expect(box.run('/nonexistent')).rejects.toThrow(ExecutionError);
    expect(await box.metrics()).toMatchObject({
      commandsExecutedTotal: 2,
      execErrorsTotal: 1,
      bytesSentTotal: 300_000,
      bytesReceivedTotal: 300_006,
    });
  });

  test('do not boot it, and have nothing of a network that is the host’s', async ({ box }) => {
    const metrics = await box.metrics();
    expect(metrics).toMatchObject({ commandsExecutedTotal: 0, memoryBytes: 0, cpuPercent: 0 });
    expect(metrics).not.toHaveProperty('networkBytesSent');
    expect((await box.info()).status).toBe('configured');
  });

  test('measure the memory of descendants, also of those that left the session', async ({ box }) => {
    const hog = `node -e 'globalThis.kept = Buffer.alloc(100e6, 1); console.log("ready"); setInterval(() => {}, 1e6)'`;
    const child = await sh(box, `${hog} & wait`, { env: { PATH: process.env['PATH'] } });
    expect(await firstLine(child)).toBe('ready');
    expect((await box.metrics()).memoryBytes).toBeGreaterThan(100e6);
    await child.kill();
    await child.wait();
    const escaped = await sh(box, `setsid ${hog} & wait`, { env: { PATH: process.env['PATH'] } });
    expect(await firstLine(escaped)).toBe('ready');
    expect((await box.metrics()).memoryBytes).toBeGreaterThan(100e6);
    await box.stop({ timeoutMs: 0 });
  });

  test('measure the processor, of what runs and of what has ended', async ({ box }) => {
    await box.metrics();
    const used = `node -e 'const end = process.cpuUsage().user + 25e4; while (process.cpuUsage().user < end);'`;
    await box.run('/bin/sh', ['-c', used], { env: { PATH: process.env['PATH'] ?? '' }, check: true });
    const { cpuPercent } = await box.metrics();
    expect(cpuPercent).toBeGreaterThan(0);
    expect(cpuPercent).toBeLessThan(1000);
  });

  test('go on after a stop, which itself has none', async ({ box }) => {
    await box.run('echo', ['x']);
    await box.stop();
    await expect(box.metrics()).rejects.toThrow(StoppedError);
    await box.start();
    expect((await box.metrics()).commandsExecutedTotal).toBe(1);
    await box.remove({ force: true });
    await expect(box.metrics()).rejects.toThrow(NotFoundError);
  });

  test('asked for by many at once', async ({ box }) => {
    const execution = await sh(box, 'cat');
    const output = bytesOf(execution.stdout);
    const all = await Promise.all(Array.from({ length: 40 }, () => box.metrics()));
    for (const metrics of all) expect(metrics.memoryBytes).toBeGreaterThan(0);
    execution.stdin.end();
    await output;
  });
});

test('of a runtime', async ({ runtime }) => {
  const box = await runtime.create({ name: 'one' });
  await runtime.create();
  await expect(runtime.create({ name: 'one' })).rejects.toThrow();
  await box.run('true');
  await expect(box.run('/nonexistent')).rejects.toThrow();
  expect(await runtime.metrics()).toEqual({
    boxesCreatedTotal: 2,
    boxesFailedTotal: 1,
    numRunningBoxes: 1,
    totalCommandsExecuted: 1,
    totalExecErrors: 1,
  });
  await runtime.close();
  await expect(runtime.metrics()).rejects.toThrow(StoppedError);
});
