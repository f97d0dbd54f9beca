import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test as base } from 'vitest';
import { Runtime } from '../../lib/index.js';

const root = join(__dirname, '..', '..');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A home of its own, which no variable of the caller's changes. */
const test = base.extend<{ home: string }>({
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'cli-home-'));
    await use(home);
    rmSync(home, { recursive: true, force: true });
  },
});

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'lib', 'cli', 'main.ts'), ...args], {
    cwd: root,
    env: { ...process.env, BOXLITE_HOME: '', BOXLITE_API_KEY: '', ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += String(chunk)));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })));
  return { child, output, ended };
}

function run(args: string[], input = ''): Promise<Ended> {
  const { child, ended } = start(args);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return ended;
}

describe('run', () => {
  test('gives the output and the exit code of the command', async () => {
    const ended = await run([
      'run',
      '-e',
      'A=b',
      '-w',
      '/',
      '--',
      'sh',
      '-c',
      'echo $A $PWD; echo err >&2; exit 3',
    ]);
    expect(ended).toEqual({ code: 3, stdout: 'b /\n', stderr: 'err\n' });
  });

  test('hands input on, and options of the command are the command’s', async () => {
    expect(await run(['run', 'cat', '-u'], 'given')).toEqual({ code: 0, stdout: 'given', stderr: '' });
  });

  test('tells the end in JSON, a signal as 128 and its number', async () => {
    const ended = await run(['run', '--json', 'sh', '-c', 'echo x; kill -TERM $$']);
    expect(ended.code).toBe(143);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      exitCode: null,
      signal: 'SIGTERM',
      stdout: 'x\n',
      stderr: '',
    });
  });

  test('a time limit ends it', async () => {
    expect((await run(['run', '--timeout', '0.3', 'sleep', '60'])).code).toBe(143);
  });

  test('what cannot be started is 127, what cannot be had 125, what makes no sense 1', async () => {
    const missing = await run(['run', 'no-such-program']);
    expect([missing.code, missing.stderr]).toEqual([
      127,
      expect.stringMatching(/no-such-program.*\(execution\)/),
    ]);
    const image = await run(['run', '--local-image-policy', 'refuse', '--image', 'alpine', 'true']);
    expect([image.code, image.stderr]).toEqual([125, expect.stringContaining('alpine')]);
    expect((await run(['run', '--timeout', 'soon', 'true'])).code).toBe(1);
  });
});

describe('ps and rm', () => {
  test('list and remove the boxes of a home', async ({ home }) => {
    expect(JSON.parse((await run(['ps', '--home', home, '--json'])).stdout)).toEqual([]);
    const table = await run(['ps', '--home', home]);
    expect([table.code, table.stdout]).toEqual([0, expect.stringMatching(/^ID +NAME +STATUS/)]);
    const removed = await run(['rm', '--home', home, '--json', 'nobody']);
    expect(removed.code).toBe(1);
    expect(JSON.parse(removed.stdout)).toEqual({ removed: [] });
    expect(removed.stderr).toContain('not_found');
  });

  test('a home that somebody has is named', async ({ home }) => {
    await using runtime = await Runtime.open({ engine: 'embedded', homeDir: home });
    const ended = await run(['ps', '--home', home]);
    expect([runtime.engine.kind, ended.code]).toEqual(['embedded', 1]);
    expect(ended.stderr).toContain(String(process.pid));
  });
});

describe('doctor', () => {
  test('tells what works', async () => {
    const ended = await run(['doctor', '--json']);
    expect(ended.code).toBe(0);
    const findings = JSON.parse(ended.stdout) as { check: string; result: string }[];
    expect(findings.find(({ check }) => check === 'command')?.result).toBe('ok');
  });

  test('fails for a library that is none', async () => {
    const ended = await run(['doctor', '--engine', '/etc/passwd']);
    expect([ended.code, ended.stdout]).toEqual([1, expect.stringMatching(/engine +failed/)]);
  });
});

describe('runner', () => {
  async function serving(home: string, more: string[] = [], env: Record<string, string> = {}) {
    const runner = start(
      ['runner', '--listen', '127.0.0.1:0', '--home', home, '--local-image-policy', 'host', ...more],
      env,
    );
    while (!/\n/.test(runner.output.stdout)) {
      if (runner.child.exitCode !== null) throw new Error(runner.output.stderr);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { ...runner, url: /^listening on (http:\/\/\S+)\n$/.exec(runner.output.stdout)?.[1] ?? '' };
  }

  test('prints one line when it is ready, asks for the key, and ends with 0', async ({ home }) => {
    const runner = await serving(home, ['--log-level', 'info'], { BOXLITE_API_KEY: 'sesame' });
    expect((await fetch(`${runner.url}/v1/boxes`)).status).toBe(401);
    const headers = { authorization: 'Bearer sesame' };
    const made = await fetch(`${runner.url}/v1/boxes`, { method: 'POST', body: '{}', headers });
    expect(made.status).toBe(201);
    runner.child.kill('SIGTERM');
    const { code, stdout, stderr } = await runner.ended;
    expect([code, stdout]).toEqual([0, `listening on ${runner.url}\n`]);
    expect(stderr).toContain('"reqId"');
    expect(stderr).not.toContain('sesame');
  });

  test('refuses to be open to others', async ({ home }) => {
    const { code, stderr } = await run(['runner', '--listen', '0.0.0.0:0', '--home', home]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('apiKey')]);
  });

  test.for([['8100'], ['host:99999'], ['']])('--listen %j is refused', async ([address]) => {
    expect((await run(['runner', '--listen', address ?? ''])).code).toBe(1);
  });

  test('killed in the middle leaves no process, and the next one takes the home', async ({ home }) => {
    const first = await serving(home);
    const post = async (path: string, body: object) =>
      (await (
        await fetch(first.url + path, { method: 'POST', body: JSON.stringify(body) })
      ).json()) as Record<string, string>;
    const box = (await post('/v1/boxes', { name: 'survivor' }))['box_id'];
    const mark = `31.${process.pid}${Date.now() % 100_000}`;
    await post(`/v1/boxes/${box}/exec`, { command: 'sleep', args: [mark] });
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await serving(home);
    const pgrep = spawn('pgrep', ['-f', `sleep ${mark}`]);
    expect(await new Promise((resolve) => pgrep.once('close', resolve))).toBe(1);
    const { boxes } = (await (await fetch(`${second.url}/v1/boxes`)).json()) as {
      boxes: { status: string }[];
    };
    for (const { status } of boxes) expect(status).not.toBe('running');
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});
