import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Box, ExecutionError, InternalError, type Runtime } from 'boxlite-ffi';
import { afterEach, describe, expect, vi } from 'vitest';
import type { Answer } from './support/client.js';
import { FakeClock } from './support/fake-clock.js';
import { test, type TestRunner } from './support/runner.js';

afterEach(() => vi.restoreAllMocks());

/** Sends a request with a key. */
function keyed(
  runner: TestRunner,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return runner.call(method, path, { body, headers: { 'idempotency-key': key } });
}

const seen = ({ status, text, headers }: Answer): unknown => [status, text, headers.location];

async function boxCount(runtime: Runtime): Promise<number> {
  return (await runtime.list()).length;
}

describe('a request with an idempotency key', () => {
  test('is carried out once and answered the same', async ({ runner, runtime }) => {
    const key = randomUUID();
    const first = await keyed(runner, key, 'POST', '/v1/boxes', { cpus: 1 });
    expect(first.status).toBe(201);
    for (const again of [key, key.toUpperCase()]) {
      expect(seen(await keyed(runner, again, 'POST', '/v1/boxes', { cpus: 1 }))).toEqual(seen(first));
    }
    expect(await boxCount(runtime)).toBe(1);
    expect((await keyed(runner, randomUUID(), 'POST', '/v1/boxes', { cpus: 1 })).json['box_id']).not.toBe(
      first.json['box_id'],
    );
  });

  test('of every route that begins or ends something', async ({ runner }) => {
    const key = randomUUID();
    const twice = async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const answers = [
        await keyed(runner, key, method, path, body),
        await keyed(runner, key, method, path, body),
      ];
      expect(seen(answers[1] as Answer)).toEqual(seen(answers[0] as Answer));
      return answers[1] as Answer;
    };
    const box = `/v1/boxes/${String((await twice('POST', '/v1/boxes', {})).json['box_id'])}`;
    expect((await twice('POST', `${box}/start`)).status).toBe(200);
    const exec = await twice('POST', `${box}/exec`, { command: 'sleep', args: ['60'] });
    const execution = `${box}/executions/${String(exec.json['execution_id'])}`;
    expect((await twice('POST', `${execution}/signal`, { signal: 28 })).status).toBe(204);
    expect((await twice('DELETE', execution)).status).toBe(204);
    // Not evicted: the second one was not carried out.
    expect((await runner.call('GET', execution)).status).toBe(200);
    expect((await twice('POST', `${box}/stop`, { timeout_seconds: 1 })).status).toBe(200);
    expect((await twice('DELETE', `${box}?force=true`)).status).toBe(204);
    expect((await runner.call('DELETE', `${box}?force=true`)).status).toBe(404);
    expect((await runner.call('GET', '/v1/metrics')).json).toMatchObject({
      boxes_created_total: 1,
      total_commands_executed: 1,
    });
  });

  test('is 422 with another body or query, and the first answer is still known', async ({
    runner,
    runtime,
  }) => {
    const key = randomUUID();
    const first = await keyed(runner, key, 'POST', '/v1/boxes', { name: 'a' });
    const other = await keyed(runner, key, 'POST', '/v1/boxes', { name: 'b' });
    expect([other.status, other.json['error']['type'], other.json['error']['code']]).toEqual([
      422,
      'InvalidArgumentError',
      'invalid_argument',
    ]);
    expect(seen(await keyed(runner, key, 'POST', '/v1/boxes', { name: 'a' }))).toEqual(seen(first));
    await keyed(runner, key, 'DELETE', '/v1/boxes/a?force=false');
    expect((await keyed(runner, key, 'DELETE', '/v1/boxes/a?force=true')).status).toBe(422);
    expect(await boxCount(runtime)).toBe(0);
  });

  test('waits while the first one is under way', async ({ runner, runtime }) => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => keyed(runner, key, 'POST', '/v1/boxes', { name: 'once' })),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await boxCount(runtime)).toBe(1);
  });

  test('remembers a refusal, in an envelope with the id of the request that it answers', async ({
    runner,
  }) => {
    const key = randomUUID();
    const refused = await keyed(runner, key, 'POST', '/v1/boxes', { cpus: 0 });
    const again = await keyed(runner, key, 'POST', '/v1/boxes', { cpus: 0 });
    expect(again.status).toBe(400);
    expect(again.json['error']['request_id']).toBe(again.headers['x-request-id']);
    expect({ ...again.json['error'], request_id: '' }).toEqual({ ...refused.json['error'], request_id: '' });
    expect((await keyed(runner, key, 'POST', '/v1/boxes', { cpus: 1 })).status).toBe(422);
  });

  test('whose connection broke is answered when it comes again', async ({ runner }) => {
    const box = await runner.box();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const exec = Box.prototype.exec;
    const spy = vi.spyOn(Box.prototype, 'exec').mockImplementation(async function (this: Box, ...given) {
      await gate;
      return exec.apply(this, given);
    });
    const key = randomUUID();
    const path = `/v1/boxes/${box}/exec`;
    const body = '{"command":"true"}';
    const { hostname, port } = new URL(runner.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nidempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await vi.waitFor(() => expect(spy).toHaveBeenCalled());
    socket.destroy();
    const again = keyed(runner, key, 'POST', path, body);
    open();
    expect((await again).status).toBe(201);
    expect(spy).toHaveBeenCalledTimes(1);
  });

  test('may have any body', async ({ runner }) => {
    const deep = `{"cmd":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const key = randomUUID();
    expect((await keyed(runner, key, 'POST', '/v1/boxes', deep)).status).toBe(400);
    expect((await keyed(runner, key, 'POST', '/v1/boxes', deep)).status).toBe(400);
  });

  test('does not remember a failure of the service: whoever waited tries itself', async ({ runner }) => {
    const box = await runner.box();
    const exec = vi.spyOn(Box.prototype, 'exec');
    exec.mockRejectedValueOnce(new InternalError('broken')).mockRejectedValueOnce(new ExecutionError('no'));
    const key = randomUUID();
    const path = `/v1/boxes/${box}/exec`;
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => keyed(runner, key, 'POST', path, { command: 'true' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([422, 422, 500]);
    expect(exec).toHaveBeenCalledTimes(2);
  });

  test.for([[''], ['1'], ['not-a-uuid'], [`${randomUUID()}, ${randomUUID()}`]])(
    '%j is 400 where keys count, and ignored elsewhere',
    async ([key], { runner }) => {
      const refused = await keyed(runner, key ?? '', 'POST', '/v1/boxes', {});
      expect([refused.status, refused.json['error']['code']]).toEqual([400, 'invalid_argument']);
      expect((await keyed(runner, key ?? '', 'GET', '/v1/boxes')).json['boxes']).toEqual([]);
    },
  );

  test('counts for its own credential, method and path', async ({ runner, runtime }) => {
    const key = randomUUID();
    for (const [path, authorization] of [
      ['/v1/boxes', 'Bearer a'],
      ['/v1/boxes', 'Bearer b'],
      ['/v1/team/boxes', 'Bearer a'],
    ] as const) {
      const headers = { 'idempotency-key': key, authorization };
      expect((await runner.call('POST', path, { body: {}, headers })).status).toBe(201);
    }
    expect(await boxCount(runtime)).toBe(3);
  });
});

describe('the memory of answers', () => {
  test.override({
    clock: async ({}, use) => use(new FakeClock()),
    settings: { limits: { idempotencyMs: 60_000, idempotencyBytes: 4096 } },
  });

  test('lasts as long as config says', async ({ runner, runtime, clock }) => {
    const { capabilities } = (await runner.call('GET', '/v1/config')).json;
    expect(capabilities['idempotency_key_lifetime']).toBe('PT60S');
    const key = randomUUID();
    await keyed(runner, key, 'POST', '/v1/boxes', {});
    (clock as FakeClock).advance(59_999);
    await keyed(runner, key, 'POST', '/v1/boxes', {});
    expect(await boxCount(runtime)).toBe(1);
    (clock as FakeClock).advance(1);
    expect((await keyed(runner, key, 'POST', '/v1/boxes', { cpus: 1 })).status).toBe(201);
    expect(await boxCount(runtime)).toBe(2);
  });

  test('is bounded: new keys are 429 until old ones have expired, and known ones stay known', async ({
    runner,
    clock,
  }) => {
    const known = randomUUID();
    const first = await keyed(runner, known, 'POST', '/v1/boxes', {});
    let last: Answer;
    let count = 0;
    do {
      last = await keyed(runner, randomUUID(), 'POST', '/v1/boxes', {});
      count++;
    } while (last.status === 201 && count < 20);
    expect([last.status, last.json['error']['code']]).toEqual([429, 'resource_exhausted']);
    expect(seen(await keyed(runner, known, 'POST', '/v1/boxes', {}))).toEqual(seen(first));
    expect((await runner.call('POST', '/v1/boxes', { body: {} })).status).toBe(201);
    (clock as FakeClock).advance(60_000);
    for (let i = 1; i < count; i++) {
      expect((await keyed(runner, randomUUID(), 'POST', '/v1/boxes', {})).status).toBe(201);
    }
  });
});

describe('where keys are switched off', () => {
  test.override({ settings: { limits: { idempotencyMs: 0 } } });

  test('the header is ignored and nothing is advertised', async ({ runner, runtime }) => {
    for (const key of ['no-uuid', 'no-uuid']) {
      expect((await keyed(runner, key, 'POST', '/v1/boxes', {})).status).toBe(201);
    }
    expect(await boxCount(runtime)).toBe(2);
    const { capabilities } = (await runner.call('GET', '/v1/config')).json;
    expect(capabilities).not.toHaveProperty('idempotency_key_lifetime');
  });
});
