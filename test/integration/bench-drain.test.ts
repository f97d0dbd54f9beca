import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrainReport } from '../../lib/bench/drain.js';
import { FakeRunner } from './fake-runner.js';

const main = join(__dirname, '..', '..', 'lib', 'cli', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'bench-drain-test-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  report: () => DrainReport;
}

/** Runs the command as users do, in a process of its own. */
function benchDrain(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, 'bench', 'drain', ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code) =>
      resolve({ code, stdout, stderr, report: () => JSON.parse(stdout) as DrainReport }),
    );
  });
}

/** A program that a box runs as the writer. */
function writer(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}`);
  chmodSync(path, 0o755);
  return path;
}

describe('on the embedded engine', () => {
  it.each(['burst', 'trickle', 'exit-race'])('nothing is lost with %s', async (pattern) => {
    const args = ['--execs', '60', '--concurrency', '8', '--bytes', '8192', '--pattern', pattern];
    const run = await benchDrain(...args, '--json', '--show-naive');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.report()).toMatchObject({
      executions: 60,
      lostBytes: 0,
      lostLines: 0,
      reorderedEvents: 0,
      lateChunks: 0,
      waitsBeforeOutput: 0,
      wrongExitCodes: 0,
      failures: 0,
      engine: { kind: 'embedded' },
      histogram: [{ lines: 256, executions: 60 }],
      naive: { executions: 60 },
    });
  });

  it('the shell writes the same stream', async () => {
    const run = await benchDrain(
      '--execs',
      '12',
      '--writer',
      'sh',
      '--bytes',
      '9000',
      '--pattern',
      'both',
      '--json',
    );
    expect(run.code).toBe(0);
    expect(run.report()).toMatchObject({ writer: '/bin/sh', lostBytes: 0, bytesPerStream: 9024 });
  });

  it('a writer that leaves something out is a loss, and the exit code says so', async () => {
    const lossy = writer('lossy', 'exit "$4"\n');
    const run = await benchDrain('--execs', '5', '--bytes', '640', '--writer', lossy, '--json');
    expect(run.code).toBe(1);
    expect(run.report()).toMatchObject({
      executionsWithLoss: 5,
      lostLines: 100,
      lostBytes: 6400,
      lossRate: 1,
    });
  });

  it('a command that cannot be run is told apart from a loss', async () => {
    const mistaken = await benchDrain('--pattern', 'flood');
    expect(mistaken).toMatchObject({ code: 2, stdout: '' });
    expect(mistaken.stderr).toContain('Allowed choices are burst, trickle, both, exit-race');
    const missing = await benchDrain('--engine', join(folder, 'no-such.so'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('no-such.so');
  });
});

describe('on a runner’s URL', () => {
  let runner: FakeRunner;
  beforeAll(async () => {
    runner = await FakeRunner.listen('a key');
  });
  afterAll(() => runner.close());

  it('nothing is lost when it sends everything before the exit frame', async () => {
    const run = await benchDrain(
      '--engine',
      runner.url,
      '--api-key',
      'a key',
      '--execs',
      '20',
      '--bytes',
      '640',
      '--json',
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.report()).toMatchObject({ executions: 20, lostBytes: 0, engine: { kind: 'remote' } });
    expect(runner.boxes).toBe(0);
  });

  it('an exit frame that overtakes output ends with 1, although every byte came', async () => {
    const run = await benchDrain(
      ...['--engine', runner.url, '--api-key', 'a key', '--path-prefix', 'late', '--execs', '4', '--json'],
    );
    expect(run.code).toBe(1);
    expect(run.report()).toMatchObject({ lostBytes: 0, waitsBeforeOutput: 4, lateChunks: 4 });
  });

  it('a socket that closes too early is a loss and a failure', async () => {
    const run = await benchDrain(
      ...['--engine', runner.url, '--api-key', 'a key', '--path-prefix', 'cut', '--execs', '4', '--json'],
    );
    expect(run.code).toBe(1);
    expect(run.report()).toMatchObject({ executionsWithLoss: 4, failures: 4 });
    expect(run.report().failureReasons[0]).toContain('before the exit frame');
  });

  it('a wrong key ends with 2 and says what the runner answered', async () => {
    const run = await benchDrain('--engine', runner.url, '--api-key', 'another');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('401');
  });

  it('the raw wait of an engine behind it cannot be seen', async () => {
    const run = await benchDrain('--engine', runner.url, '--api-key', 'a key', '--show-naive');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--show-naive needs an engine behind the C ABI');
  });
});
