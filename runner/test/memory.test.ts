import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Attachment } from './support/attachment.js';
import { call } from './support/client.js';
import { RunnerProcess } from './support/runner-process.js';

const mebibyte = 1024 * 1024;

/** 61 MiB in which no line is twice. */
const numbers = ['1000000', '9000000'];

/**
 * What the runner's memory may grow by for a client that reads nothing, beside one that reads. Its share is a few MiB:
 * waiting in its socket, not yet sent, not yet confirmed. The rest is what V8 leaves to its collector.
 */
const boundBytes = 32 * mebibyte;

async function count(url: string, box: string): Promise<Attachment> {
  const { json } = await call(url, 'POST', `/v1/boxes/${box}/exec`, {
    body: { command: 'seq', args: numbers },
  });
  return Attachment.open(`${url}/v1/boxes/${box}/executions/${String(json['execution_id'])}/attach`);
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Lets a client count to its end; the most that the runner had in memory meanwhile. */
async function flow(runner: RunnerProcess, box: string, whole: string): Promise<number> {
  const client = await count(runner.url, box);
  let mostBytes = 0;
  client.socket.on('message', () => (mostBytes = Math.max(mostBytes, runner.residentBytes())));
  expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
  expect(digest(client.bytes())).toBe(whole);
  return mostBytes;
}

/** What the runner keeps for the only execution that runs. */
async function keptBytes(url: string): Promise<number> {
  const { executions } = (await call(url, 'GET', '/status.json')).json;
  return (executions as { unconfirmed_bytes: number }[])[0]?.unconfirmed_bytes ?? NaN;
}

test('a client that reads nothing costs neither memory nor anybody else anything', async () => {
  await using runner = await RunnerProcess.start();
  const { url } = runner;
  const box = (await call(url, 'POST', '/v1/boxes', { body: {} })).json['box_id'] as string;
  const whole = digest(execFileSync('seq', numbers, { maxBuffer: 128 * mebibyte }));
  const allowedBytes = (await flow(runner, box, whole)) + boundBytes;

  const stalled = await count(url, box);
  stalled.socket.pause();
  let before: number;
  let kept = 0;
  // Until its process is held back: another's 61 MiB have gone by and it has not moved.
  do {
    before = kept;
    expect(await flow(runner, box, whole)).toBeLessThan(allowedBytes);
    kept = await keptBytes(url);
  } while (kept !== before);
  expect(kept).toBeLessThan(16 * mebibyte);

  stalled.socket.resume();
  expect(await stalled.end()).toEqual({ exitCode: 0, code: 1000 });
  expect(digest(stalled.bytes())).toBe(whole);
  expect(stalled.frames.at(-1)).toEqual({ text: { type: 'exit', exit_code: 0 } });
  expect(runner.residentBytes()).toBeLessThan(allowedBytes);
});
