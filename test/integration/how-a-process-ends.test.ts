import { describe, expect } from 'vitest';
import { firstLine, sh, test } from './support.js';

describe('exit codes', () => {
  test.for([0, 1, 2, 42, 126, 127, 128, 137, 255])('%i', async (code, { box }) => {
    const execution = await sh(box, `exit ${code}`);
    const status = await execution.wait();
    expect(status).toMatchObject({ exitCode: code, signal: null, timedOut: false });
    expect(status.durationMs).toBeGreaterThan(0);
  });
});

describe('signals', () => {
  test.for(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGABRT'] as const)(
    '%s',
    async (signal, { box }) => {
      const execution = await sh(box, 'echo ready; exec sleep 60');
      expect(await firstLine(execution)).toBe('ready');
      await execution.kill(signal);
      expect(await execution.wait()).toMatchObject({ exitCode: null, signal, timedOut: false });
    },
  );

  test('a number is as good as a name', async ({ box }) => {
    const execution = await box.exec('sleep', ['60']);
    await execution.kill(15);
    expect((await execution.wait()).signal).toBe('SIGTERM');
  });

  test('a trap that exits is an exit code', async ({ box }) => {
    const execution = await sh(box, 'trap "exit 9" TERM; echo ready; while :; do sleep 0.01; done');
    expect(await firstLine(execution)).toBe('ready');
    await execution.kill('SIGTERM');
    expect(await execution.wait()).toMatchObject({ exitCode: 9, signal: null });
  });

  test('the whole process group is addressed', async ({ box }) => {
    const execution = await sh(box, 'sleep 60 & echo $!; wait');
    const lines = execution.lines();
    const child = Number((await lines.next()).value);
    await execution.kill();
    await lines.return?.();
    await execution.wait();
    const { stdout } = await box.run('/bin/sh', [
      '-c',
      `kill -0 ${child} 2>/dev/null && grep State /proc/${child}/status || echo gone`,
    ]);
    expect(stdout).toMatch(/gone|Z/);
  });

  test('kill before the first read, after the end and twice', async ({ box }) => {
    const execution = await sh(box, 'while :; do echo y; done');
    await execution.kill();
    await execution.kill();
    expect((await execution.wait()).signal).toBe('SIGKILL');
    await execution.kill('SIGTERM');
    await execution.close();
    await execution.kill();
  });
});
