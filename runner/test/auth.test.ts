import { Runtime } from 'boxlite-ffi';
import { describe, expect } from 'vitest';
import { createRunner } from '../lib/index.js';
import { call, raw } from './support/client.js';
import { test } from './support/runner.js';

const key = 'sesame-42';
const good = { authorization: `Bearer ${key}` };

describe('with an API key', () => {
  test.override({ settings: { apiKey: key } });

  test.for([
    ['GET', '/v1/me'],
    ['GET', '/v1/boxes'],
    ['POST', '/v1/boxes'],
    ['GET', '/v1/boxes/x'],
    ['HEAD', '/v1/boxes/x'],
    ['DELETE', '/v1/boxes/x'],
    ['POST', '/v1/boxes/x/start'],
    ['POST', '/v1/boxes/x/stop'],
    ['POST', '/v1/boxes/x/exec'],
    ['GET', '/v1/boxes/x/executions/y'],
    ['DELETE', '/v1/boxes/x/executions/y'],
    ['POST', '/v1/boxes/x/executions/y/signal'],
    ['POST', '/v1/boxes/x/executions/y/resize'],
    ['GET', '/v1/boxes/x/executions/y/attach'],
    ['PUT', '/v1/boxes/x/files?path=/a'],
    ['GET', '/v1/boxes/x/files?path=/a'],
    ['GET', '/v1/metrics'],
    ['GET', '/v1/boxes/x/metrics'],
    ['GET', '/v1/boxes/x/attach'],
    ['POST', '/v1/boxes/x/network/tunnel?port=80'],
    ['POST', '/v1/boxes/x/snapshots'],
    ['GET', '/v1/boxes/x/snapshots'],
    ['GET', '/v1/boxes/x/snapshots/s'],
    ['DELETE', '/v1/boxes/x/snapshots/s'],
    ['POST', '/v1/boxes/x/snapshots/s/restore'],
    ['POST', '/v1/boxes/x/clone'],
    ['POST', '/v1/boxes/x/export'],
    ['POST', '/v1/boxes/import?name=x'],
    ['POST', '/v1/volumes'],
    ['GET', '/v1/volumes'],
    ['GET', '/v1/volumes/v'],
    ['DELETE', '/v1/volumes/v'],
    ['POST', '/v1/images/pull'],
    ['GET', '/v1/images'],
    ['GET', '/v1/images/i'],
    ['HEAD', '/v1/images/i'],
    ['GET', '/v1/team/boxes'],
    ['GET', '/metrics'],
    ['GET', '/openapi.json'],
    ['GET', '/status'],
    ['GET', '/status.json'],
    ['GET', '/nowhere'],
    ['PATCH', '/v1/boxes'],
    ['POST', '/v1/config'],
    ['GET', '/v1/boxes/%zz'],
    ['GET', `/v1/boxes/${'x'.repeat(200)}`],
  ] as const)('%s %s is 401 before anything else is decided', async ([method, path], { runner }) => {
    for (const authorization of [
      undefined,
      '',
      'Basic abc',
      'Bearer',
      'Bearer ',
      'Bearer wrong',
      key,
      `Bearer ${key}x`,
    ]) {
      const answer = await runner.call(method, path, {
        body: method === 'POST' ? '{nonsense' : undefined,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      if (method === 'HEAD') continue;
      expect(answer.json['error']).toMatchObject({ type: 'AuthError', code: 'unauthenticated' });
    }
    expect((await runner.call(method, path, { headers: good })).status).not.toBe(401);
  });

  test('the scheme is no matter of case', async ({ runner }) => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
      const headers = { authorization: `${scheme} ${key}` };
      expect((await runner.call('GET', '/v1/boxes', { headers })).status).toBe(200);
    }
  });

  test('config and the probe are open', async ({ runner }) => {
    expect((await runner.call('GET', '/v1/config')).status).toBe(200);
    expect((await runner.call('GET', '/')).status).toBe(200);
    expect((await runner.call('HEAD', '/')).status).toBe(200);
  });

  test('the upgrade is refused as plain HTTP', async ({ runner }) => {
    const head =
      'HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect(await raw(runner.url, `GET /v1/boxes/x/executions/y/attach ${head}`)).toMatch(
      /^HTTP\/1.1 401 [^]*"code":"unauthenticated"/,
    );
  });
});

describe('without an API key', () => {
  test('any token or none passes', async ({ runner }) => {
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'nonsense' }]) {
      expect((await runner.call('GET', '/v1/boxes', { headers: headers })).status).toBe(200);
    }
  });

  test('it does not listen where others can reach it', async ({ runtime }) => {
    const runner = await createRunner({ runtime, host: '0.0.0.0', port: 0 });
    await expect(runner.listen()).rejects.toThrow(/apiKey/);
    await runner.close();
    const open = await createRunner({ runtime, host: '0.0.0.0', port: 0, apiKey: 'k' });
    const url = await open.listen();
    expect((await call(url.replace('0.0.0.0', '127.0.0.1'), 'GET', '/v1/me')).status).toBe(401);
    await open.close({ graceMs: 0 });
  });
});

describe('options', () => {
  test.for([
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ apiKey: '' }, 'apiKey'],
    [{ apiKey: 'a b' }, 'apiKey'],
    [{ pathPrefix: 'a/boxes' }, 'pathPrefix'],
    [{ pathPrefix: '/a' }, 'pathPrefix'],
    [{ limits: { bodyBytes: -1 } }, 'limits.bodyBytes'],
    [{ limits: { nonsense: 1 } }, 'nonsense'],
  ])('%j is refused by name', async ([options, name]) => {
    await using runtime = await Runtime.open({ engine: 'embedded' });
    await expect(createRunner({ runtime, ...(options as object) })).rejects.toThrow(name);
  });
});
