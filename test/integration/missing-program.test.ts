import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ExecutionError } from '../../lib/index.js';
import { test } from './support.js';

test('a program that does not exist is an ExecutionError that names it', async ({ box }) => {
  for (const command of ['no-such-program', '/no/such/program']) {
    const error = await box.exec(command).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExecutionError);
    expect((error as Error).message).toContain(command);
    expect(error).toMatchObject({ errno: 10, httpStatus: 422, operation: 'box.exec' });
  }
});

test('so is one that may not be executed, and a folder', async ({ box }) => {
  const folder = mkdtempSync(join(tmpdir(), 'boxlite-missing-'));
  try {
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o644 });
    await expect(box.exec(join(folder, 'plain'))).rejects.toThrow(ExecutionError);
    await expect(box.exec(folder)).rejects.toThrow(ExecutionError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('so is a working directory that does not exist', async ({ box }) => {
  await expect(box.exec('true', [], { workingDir: '/no/such/folder' })).rejects.toThrow(ExecutionError);
});

test('run rejects the same way, and the box goes on', async ({ box }) => {
  await expect(box.run('no-such-program')).rejects.toThrow(ExecutionError);
  expect((await box.run('echo', ['fine'])).stdout).toBe('fine\n');
});

test('the stack points at the line that called', async ({ box }) => {
  const error = await box.exec('no-such-program').catch((thrown: unknown) => thrown);
  expect((error as Error).stack).toContain('missing-program.test.ts');
});

test('a bad argument is refused before anything happens, and never synchronously', async ({ box }) => {
  const attempts = [
    () => box.exec('a\0b'),
    () => box.exec('true', 'no array' as never),
    () => box.exec('true', [], { timeoutMS: 1 } as never),
    () => box.run('true', [], { maxBytes: -1 }),
    () => box.exec(undefined as never),
  ];
  for (const attempt of attempts) {
    await expect(attempt()).rejects.toMatchObject({ code: 'invalid_argument' });
  }
  expect((await box.info()).status).toBe('configured');
});
