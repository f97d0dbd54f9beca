import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, vi } from 'vitest';
import { test as base, type TestRunner } from './support/runner.js';

/** A folder in which the runner stages what it copies, and nobody else. */
const test = base.extend<{ staging: string }>({
  staging: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'runner-stalls-'));
    mkdirSync(join(folder, 'staging'));
    vi.stubEnv('TMPDIR', join(folder, 'staging'));
    await use(join(folder, 'staging'));
    rmSync(folder, { recursive: true });
  },
});

afterEach(() => vi.unstubAllEnvs());

/** Sends the beginning of a request, and no more. */
function begin(runner: TestRunner, text: string): { socket: Socket; answer: Promise<string> } {
  const { hostname, port } = new URL(runner.url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  return { socket, answer: new Promise((resolve) => socket.once('close', () => resolve(answer))) };
}

describe('a peer that vanishes without a word', () => {
  test.override({ settings: { limits: { stallMs: 200 } } });

  test('in the middle of a JSON body is 408', async ({ runner }) => {
    const { answer } = begin(
      runner,
      'POST /v1/boxes HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{"name":',
    );
    expect(await answer).toMatch(/^HTTP\/1.1 408 [^]*"code":"invalid_argument"/);
    expect((await runner.call('GET', '/v1/boxes')).json['boxes']).toEqual([]);
  });

  test('in the middle of an archive leaves nothing behind', async ({ runner, staging }) => {
    const box = await runner.box();
    const head = `PUT /v1/boxes/${box}/files?path=/tmp/never HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n`;
    const { answer } = begin(runner, `${head}${'\0'.repeat(600)}`);
    await expect.poll(() => readdirSync(staging)).toHaveLength(1);
    expect(await answer).toMatch(/^HTTP\/1.1 408 [^]*"code":"invalid_argument"/);
    await expect.poll(() => readdirSync(staging)).toEqual([]);
  });

  test('in the middle of a download leaves nothing behind', async ({ runner, staging }) => {
    const box = await runner.box();
    const file = join(staging, '..', 'large');
    writeFileSync(file, '');
    truncateSync(file, 64 * 1024 * 1024);
    const { socket } = begin(runner, `GET /v1/boxes/${box}/files?path=${file} HTTP/1.1\r\nhost: x\r\n\r\n`);
    socket.once('data', () => socket.pause());
    await expect.poll(() => readdirSync(staging)).toHaveLength(1);
    await expect.poll(() => readdirSync(staging), { timeout: 20_000 }).toEqual([]);
    socket.destroy();
  });
});

describe('work that takes longer', () => {
  test.override({ settings: { limits: { stallMs: 100 } } });

  test('than a body may stand still is done all the same', async ({ runner }) => {
    const box = await runner.box();
    await runner.sh(box, "trap '' TERM HUP; while :; do sleep 0.05; done");
    const stopped = await runner.call('POST', `/v1/boxes/${box}/stop`, { body: { timeout_seconds: 0.5 } });
    expect([stopped.status, stopped.json['status']]).toEqual([200, 'stopped']);
  });
});
