import * as boxlite from 'boxlite-ffi';
import { afterEach, describe, expect, vi } from 'vitest';
import { raw, type Answer } from './support/client.js';
import { test } from './support/runner.js';

/** Checks that an answer carries the whole envelope, and tells its status and code. */
function refusal(answer: Answer): string {
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const { error } = answer.json as { error: Record<string, unknown> };
  expect(error).toEqual({
    message: expect.stringMatching(/\S/) as string,
    type: expect.stringMatching(/^[A-Z][A-Za-z]+$/) as string,
    code: expect.stringMatching(/^[a-z_]+$/) as string,
    request_id: answer.headers['x-request-id'],
  });
  return `${answer.status} ${String(error['type'])} ${String(error['code'])}`;
}

const invalid = '400 InvalidArgumentError invalid_argument';
const notFound = '404 NotFoundError not_found';
const unsupported = '400 UnsupportedError unsupported';
const invalidState = '409 InvalidStateError invalid_state';

describe('the router', () => {
  test.for([
    ['GET', '/nowhere', notFound],
    ['GET', '/v1', notFound],
    ['GET', '/v1/boxes/', notFound],
    ['POST', '/v1/boxes/a/b/c/d', notFound],
    ['GET', '/v1/boxes/none', notFound],
    ['GET', `/v1/boxes/${'x'.repeat(129)}`, invalid],
    ['GET', `/v1/boxes/${'x'.repeat(128)}`, notFound],
    ['GET', '/v1/boxes/%zz', invalid],
    ['GET', '/v1/boxes/%ff', invalid],
    ['GET', '/v1/boxes/a%20b', notFound],
    ['GET', `/v1/boxes?${'x'.repeat(9000)}`, '414 InvalidArgumentError invalid_argument'],
    ['GET', '/v1/boxes?pageSize=0', invalid],
    ['GET', '/v1/boxes?pageSize=1001', invalid],
    ['GET', '/v1/boxes?pageSize=1.5', invalid],
    ['GET', '/v1/boxes?pageSize=1&pageSize=2', invalid],
    ['GET', '/v1/boxes?pageToken=nonsense', invalid],
    ['GET', '/v1/boxes?status=sleeping', invalid],
    ['DELETE', '/v1/boxes/none?force=maybe', invalid],
    ['DELETE', '/v1/boxes/none', notFound],
    ['POST', '/v1/boxes/none/start', notFound],
    ['POST', '/v1/boxes/none/stop', notFound],
  ] as const)('%s %s: %s', async ([method, path, expected], { runner }) => {
    expect(refusal(await runner.call(method, path))).toBe(expected);
  });

  test.for([
    ['PATCH', '/v1/boxes', 'GET, POST'],
    ['DELETE', '/v1/boxes', 'GET, POST'],
    ['POST', '/v1/config', 'GET'],
    ['PUT', '/v1/boxes/a', 'DELETE, GET, HEAD'],
    ['GET', '/v1/boxes/a/start', 'POST'],
    ['GET', '/v1/boxes/a/exec', 'POST'],
    ['POST', '/v1/boxes/a/executions/b/attach', 'GET'],
    ['PUT', '/v1/volumes', 'GET, POST'],
    ['POST', '/v1/eu/team/boxes/a/exec/', undefined],
  ] as const)('%s %s is the wrong method', async ([method, path, allow], { runner }) => {
    const answer = await runner.call(method, path);
    expect(refusal(answer)).toBe(allow ? '405 UnsupportedError unsupported' : notFound);
    expect(answer.headers.allow).toBe(allow);
  });

  test.for([
    ['GET', '/v1/volumes'],
    ['POST', '/v1/volumes'],
    ['GET', '/v1/volumes/v'],
    ['DELETE', '/v1/volumes/v'],
    ['GET', '/v1/images'],
    ['POST', '/v1/images/pull'],
    ['GET', '/v1/images/sha'],
    ['POST', '/v1/boxes/import?name=x'],
    ['POST', '/v1/boxes/b/clone'],
    ['POST', '/v1/boxes/b/export'],
    ['GET', '/v1/boxes/b/snapshots'],
    ['POST', '/v1/boxes/b/snapshots'],
    ['GET', '/v1/boxes/b/snapshots/s'],
    ['DELETE', '/v1/boxes/b/snapshots/s'],
    ['POST', '/v1/boxes/b/snapshots/s/restore'],
    ['POST', '/v1/boxes/b/network/tunnel?port=80'],
    ['GET', '/v1/boxes/b/attach'],
  ] as const)('%s %s is known and not supported', async ([method, path], { runner }) => {
    expect(refusal(await runner.call(method, path))).toBe(unsupported);
  });

  test('gives the request id back, and mints one', async ({ runner }) => {
    const given = await runner.call('GET', '/v1/nothing', { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers['x-request-id']).toBe('abc-1');
    expect(given.json['error']['request_id']).toBe('abc-1');
    const minted = await runner.call('GET', '/v1/config');
    expect(minted.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const ugly = await runner.call('GET', '/v1/config', { headers: { 'x-request-id': 'a b' } });
    expect(ugly.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what the parser refuses', () => {
  async function rawRefusal(base: string, text: string): Promise<string> {
    const [head = '', body = ''] = (await raw(base, text)).split('\r\n\r\n');
    expect(head).toMatch(/content-type: application\/json/i);
    const id = /x-request-id: (\S+)/i.exec(head)?.[1];
    const { error } = JSON.parse(body) as { error: Record<string, string> };
    expect(error['request_id']).toBe(id);
    expect(error['message']).toMatch(/\S/);
    return `${/^HTTP\/1.1 (\d+)/.exec(head)?.[1]} ${error['type']} ${error['code']}`;
  }

  test('garbage is 400', async ({ runner }) => {
    expect(await rawRefusal(runner.url, 'what is this\r\n\r\n')).toBe(invalid);
    expect(await rawRefusal(runner.url, 'GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n')).toBe(invalid);
  });

  test('a request without host is 400, an expectation is no matter', async ({ runner }) => {
    expect(await rawRefusal(runner.url, 'GET /v1/boxes HTTP/1.1\r\nconnection: close\r\n\r\n')).toBe(invalid);
    const head = 'HTTP/1.1\r\nhost: x\r\nexpect: the-moon\r\nconnection: close\r\n\r\n';
    expect(await rawRefusal(runner.url, `GET /nowhere ${head}`)).toBe(notFound);
    expect(await raw(runner.url, `GET /v1/boxes ${head}`)).toMatch(/^HTTP\/1.1 200/);
  });

  test('headers over 16 KiB are 431', async ({ runner }) => {
    const text = `GET /v1/config HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(17_000)}\r\n\r\n`;
    expect(await rawRefusal(runner.url, text)).toBe('431 InvalidArgumentError invalid_argument');
  });

  test.for([
    ['not JSON', '{"name":'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ] as const)('%s as a body is 400', async ([, body], { runner }) => {
    expect(refusal(await runner.call('POST', '/v1/boxes', { body }))).toBe(invalid);
  });

  test('JSON is JSON whatever its content type', async ({ runner }) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'no/such;thing', ';;;', '']) {
      const answer = await runner.call('POST', '/v1/boxes', {
        body: '{}',
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(201);
    }
  });

  test('a body over the limit is 413, and the answer reaches a caller who still sends', async ({
    runner,
  }) => {
    const answer = await runner.call('POST', '/v1/boxes', { body: 'x'.repeat(8 * 1024 * 1024) });
    expect(refusal(answer)).toBe('413 InvalidArgumentError invalid_argument');
    const chunked = await runner.call('POST', '/v1/boxes', {
      body: 'x'.repeat(3 * 1024 * 1024),
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect(refusal(chunked)).toBe('413 InvalidArgumentError invalid_argument');
  });
});

describe('create', () => {
  test.for([
    [{ cpus: 0 }, invalid, 'cpus'],
    [{ cpus: -1 }, invalid, 'cpus'],
    [{ cpus: 1.5 }, invalid, 'cpus'],
    [{ cpus: '1' }, invalid, 'cpus'],
    [{ cpus: 33 }, invalid, 'cpus'],
    [{ memory_mib: 4294967295 }, invalid, 'memory_mib'],
    [{ memory_mib: 127 }, invalid, 'memory_mib'],
    [{ disk_size_gb: 0 }, invalid, 'disk_size_gb'],
    [{ name: '' }, invalid, 'name'],
    [{ name: 'a b' }, invalid, 'name'],
    [{ name: '-a' }, invalid, 'name'],
    [{ name: 'x'.repeat(129) }, invalid, 'name'],
    [{ name: 5 }, invalid, 'name'],
    [{ image: 5 }, invalid, 'image'],
    [{ image: 'a', rootfs_path: '/' }, invalid, 'rootfs_path'],
    [{ env: { A: 1 } }, invalid, 'env'],
    [{ env: { 'A=B': 'x' } }, invalid, 'env'],
    [{ env: { A: 'x\u0000' } }, invalid, 'env'],
    [{ env: [] }, invalid, 'env'],
    [{ security: {} }, invalid, 'security'],
    [{ unknown: 1 }, invalid, 'unknown'],
    [{ network: { mode: 'sometimes' } }, invalid, 'mode'],
    [{ network: { mode: 'enabled', outbound: { mode: 'enabled' } } }, invalid, 'network'],
    [{ network: { outbound: { mode: 'disabled', allow_net: ['x'] } } }, invalid, 'allow_net'],
    [{ network: { mode: 'disabled', allow_net: ['x'] } }, invalid, 'allow_net'],
    [{ network: { outbound: { mode: 'enabled', more: 1 } } }, invalid, 'more'],
    [{ auto_stop: 60, auto_delete: 60 }, invalid, 'auto_delete'],
    [{ auto_stop: -1 }, invalid, 'auto_stop'],
    [{ detach: 'no' }, invalid, 'detach'],
    [{ advanced: { capabilities: { add: ['SYS_ADMIN'] } } }, unsupported, 'capabilities'],
    [{ advanced: { more: 1 } }, invalid, 'more'],
    [{ volumes: [{ host_path: '/etc', guest_path: '/x' }] }, unsupported, 'host_path'],
    [{ volumes: [{ managed_volume: 'v', guest_path: '/x' }] }, unsupported, 'volumes'],
    [{ volumes: [{ other: 1 }] }, invalid, 'other'],
    [{ network: { mode: 'disabled' } }, unsupported, 'network'],
    [{ secrets: [{ name: 'S' }] }, invalid, 'value'],
  ] as const)('%j: %s naming %s', async ([body, expected, field], { runner }) => {
    const answer = await runner.call('POST', '/v1/boxes', { body });
    expect(refusal(answer)).toBe(expected);
    expect(answer.json['error']['message']).toContain(field);
    expect((await runner.call('GET', '/v1/boxes')).json['boxes']).toEqual([]);
  });

  test('a name that is taken is 409', async ({ runner }) => {
    await runner.box({ name: 'taken' });
    const answer = await runner.call('POST', '/v1/boxes', { body: { name: 'taken' } });
    expect(refusal(answer)).toBe('409 AlreadyExistsError already_exists');
  });
});

describe('the exec boundary', () => {
  test.for([
    [{}, invalid],
    [{ command: '' }, invalid],
    [{ command: 5 }, invalid],
    [{ command: 'true', args: 'x' }, invalid],
    [{ command: 'true', args: [1] }, invalid],
    [{ command: 'true', env: { A: null } }, invalid],
    [{ command: 'true', env: { 'A=': 'x' } }, invalid],
    [{ command: 'true', timeout_seconds: -1 }, invalid],
    [{ command: 'true', timeout_seconds: '1' }, invalid],
    [{ command: 'true', tty: 1 }, invalid],
    [{ command: 'true', more: 1 }, invalid],
    [{ command: 'a\u0000b' }, invalid],
    [{ command: '/nonexistent/binary' }, '422 ExecutionError execution_failed'],
    [{ command: 'no-such-program' }, '422 ExecutionError execution_failed'],
    [{ command: '/etc/passwd' }, '422 ExecutionError execution_failed'],
    [{ command: 'true', working_dir: '/no/such/dir' }, '422 ExecutionError execution_failed'],
  ] as const)('%j: %s', async ([body, expected], { runner }) => {
    const box = await runner.box();
    expect(refusal(await runner.call('POST', `/v1/boxes/${box}/exec`, { body }))).toBe(expected);
  });

  test('1e999 seconds are 400', async ({ runner }) => {
    const box = await runner.box();
    const body = '{"command":"true","timeout_seconds":1e999}';
    expect(refusal(await runner.call('POST', `/v1/boxes/${box}/exec`, { body }))).toBe(invalid);
  });

  test('a box that is unknown or removed is 404, by id and by name', async ({ runner }) => {
    const body = { command: 'true' };
    expect(refusal(await runner.call('POST', '/v1/boxes/none/exec', { body }))).toBe(notFound);
    const box = await runner.box({ name: 'gone' });
    await runner.exec(box, 'true');
    await runner.call('DELETE', `/v1/boxes/${box}?force=true`);
    for (const key of [box, 'gone']) {
      expect(refusal(await runner.call('POST', `/v1/boxes/${key}/exec`, { body }))).toBe(notFound);
    }
  });

  test('a stopped box is 409 stopped until it is started', async ({ runner }) => {
    const box = await runner.box();
    await runner.exec(box, 'true');
    await runner.call('POST', `/v1/boxes/${box}/stop`);
    const answer = await runner.call('POST', `/v1/boxes/${box}/exec`, { body: { command: 'true' } });
    expect(refusal(answer)).toBe('409 StoppedError stopped');
    expect((await runner.call('POST', `/v1/boxes/${box}/start`)).status).toBe(200);
    await runner.exec(box, 'true');
  });

  test('a box that is stopping is 409 invalid_state', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, "trap '' TERM HUP INT; echo ready; while :; do sleep 0.05; done");
    const client = await runner.attach(box, execution);
    await client.until(() => client.bytes().includes('ready'));
    const stop = runner.call('POST', `/v1/boxes/${box}/stop`, { body: { timeout_seconds: 1 } });
    let status;
    do {
      status = (await runner.call('GET', `/v1/boxes/${box}`)).json['status'] as string;
    } while (status === 'running');
    expect(status).toBe('stopping');
    for (const [method, path, body] of [
      ['POST', 'exec', { command: 'true' }],
      ['POST', 'start', undefined],
    ] as const) {
      expect(refusal(await runner.call(method, `/v1/boxes/${box}/${path}`, { body }))).toBe(invalidState);
    }
    expect(refusal(await runner.call('DELETE', `/v1/boxes/${box}`))).toBe(invalidState);
    expect((await stop).json['status']).toBe('stopped');
  });
});

describe('an error of the engine', () => {
  afterEach(() => vi.restoreAllMocks());

  test.for([
    ['InvalidArgumentError', 400, 'InvalidArgumentError', 'invalid_argument'],
    ['UnsupportedError', 400, 'UnsupportedError', 'unsupported'],
    ['UnsupportedEngineError', 400, 'UnsupportedError', 'unsupported'],
    ['NotFoundError', 404, 'NotFoundError', 'not_found'],
    ['AlreadyExistsError', 409, 'AlreadyExistsError', 'already_exists'],
    ['InvalidStateError', 409, 'InvalidStateError', 'invalid_state'],
    ['StoppedError', 409, 'StoppedError', 'stopped'],
    ['SessionReapedError', 410, 'SessionReapedError', 'session_reaped'],
    ['ImageError', 422, 'ImageError', 'image_pull_failed'],
    ['ExecutionError', 422, 'ExecutionError', 'execution_failed'],
    ['ResourceExhaustedError', 429, 'ResourceExhaustedError', 'resource_exhausted'],
    ['NetworkError', 503, 'NetworkError', 'network_unavailable'],
    ['PortalError', 503, 'UpstreamUnavailableError', 'upstream_unavailable'],
    ['RpcError', 503, 'UpstreamUnavailableError', 'upstream_unavailable'],
    ['RpcTransportError', 503, 'UpstreamUnavailableError', 'upstream_unavailable'],
    ['EngineError', 503, 'EngineError', 'engine_unavailable'],
    ['StorageError', 500, 'StorageError', 'storage_error'],
    ['DatabaseError', 500, 'DatabaseError', 'database_error'],
    ['MetadataError', 500, 'MetadataError', 'metadata_error'],
    ['ConfigError', 500, 'ConfigError', 'config_error'],
    ['InternalError', 500, 'InternalError', 'internal'],
  ] as const)('%s is %i %s %s', async ([name, status, type, word], { runner }) => {
    vi.spyOn(boxlite.Runtime.prototype, 'create').mockRejectedValue(new boxlite[name]('why'));
    const answer = await runner.call('POST', '/v1/boxes', { body: {} });
    expect(refusal(answer)).toBe(`${status} ${type} ${word}`);
    expect(answer.json['error']['message']).toBe('why');
  });

  test('is told without its kind, which clients put in front themselves', async ({ runner }) => {
    const box = await runner.box();
    const message = async (method: string, path: string, body?: object): Promise<string> =>
      (await runner.call(method, path, { body })).json['error']['message'] as string;
    const { exec, files } = { exec: `/v1/boxes/${box}/exec`, files: `/v1/boxes/${box}/files` };
    expect(await message('POST', exec, { command: '/no/such' })).toMatch(/^cannot run/);
    expect(await message('POST', '/v1/boxes', { cmd: ['true'] })).toMatch(/^a main command/);
    expect(await message('GET', `${files}?path=/no/such`)).toMatch(/^'\/no\/such' does not exist/);
    await runner.call('POST', `/v1/boxes/${box}/stop`);
    expect(await message('POST', exec, { command: 'true' })).not.toMatch(/^stopped: /);
  });

  test('with a number that nobody knows, and what is no error of it, are 500 internal', async ({
    runner,
  }) => {
    const create = vi.spyOn(boxlite.Runtime.prototype, 'create');
    create.mockRejectedValueOnce(new boxlite.BoxliteError('why', { errno: 99 }));
    const unknown = await runner.call('POST', '/v1/boxes', { body: {} });
    expect(refusal(unknown)).toBe('500 InternalError internal');
    create.mockRejectedValueOnce(new TypeError('a secret'));
    const defect = await runner.call('POST', '/v1/boxes', { body: {} });
    expect(refusal(defect)).toBe('500 InternalError internal');
    expect(defect.text).not.toContain('secret');
  });
});

describe('executions', () => {
  const control = [
    ['POST', '/signal', { signal: 15 }],
    ['POST', '/resize', { cols: 1, rows: 1 }],
    ['DELETE', '', undefined],
    ['GET', '', undefined],
  ] as const;

  test('of another box, of none, or unknown are 404', async ({ runner }) => {
    const [mine, other] = [await runner.box(), await runner.box()];
    const execution = await runner.exec(mine, 'sleep', ['60']);
    for (const path of [
      `${other}/executions/${execution}`,
      `none/executions/${execution}`,
      `${mine}/executions/x`,
    ]) {
      for (const [method, end, body] of control) {
        expect(refusal(await runner.call(method, `/v1/boxes/${path}${end}`, { body }))).toBe(notFound);
      }
      await expect(
        runner.attach(path.split('/')[0] as string, path.split('/')[2] as string),
      ).rejects.toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
  });

  test('that have ended take no signal and no size', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'true');
    await runner.ended(box, execution);
    const path = `/v1/boxes/${box}/executions/${execution}`;
    expect(refusal(await runner.call('POST', `${path}/signal`, { body: { signal: 15 } }))).toBe(invalidState);
    expect(refusal(await runner.call('POST', `${path}/resize`, { body: { cols: 1, rows: 1 } }))).toBe(
      invalidState,
    );
    expect((await runner.call('DELETE', path)).status).toBe(204);
    expect(refusal(await runner.call('GET', path))).toBe(notFound);
    expect(refusal(await runner.call('DELETE', path))).toBe(notFound);
  });

  test('a bad signal or size is 400 before anybody looks for the box', async ({ runner }) => {
    const path = '/v1/boxes/none/executions/none';
    for (const [end, body] of [
      ['signal', { signal: 9 }],
      ['signal', []],
      ['resize', { cols: 0, rows: 1 }],
    ] as const) {
      expect(refusal(await runner.call('POST', `${path}/${end}`, { body }))).toBe(invalid);
    }
  });

  test.for([
    [{ signal: 9 }],
    [{ signal: 19 }],
    [{ signal: 0 }],
    [{ signal: -15 }],
    [{ signal: 1.5 }],
    [{ signal: 'TERM' }],
    [{ sig: 15 }],
    [{}],
  ])('signal %j is 400', async ([body], { runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const answer = await runner.call('POST', `/v1/boxes/${box}/executions/${execution}/signal`, { body });
    expect(refusal(answer)).toBe(invalid);
    if (Number.isInteger((body as { signal?: unknown }).signal))
      expect(answer.json['error']['message']).toContain('DELETE');
  });

  test.for([
    [{ cols: 0, rows: 1 }],
    [{ cols: 1, rows: 65536 }],
    [{ cols: 1.5, rows: 1 }],
    [{ cols: 80 }],
    [{ cols: 80, rows: 24 }],
  ])('resize %j without terminal is 400', async ([body], { runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const answer = await runner.call('POST', `/v1/boxes/${box}/executions/${execution}/resize`, { body });
    expect(refusal(answer)).toBe(invalid);
  });

  test('attach without upgrade is 426, with another version too, with a bad key 400', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const path = `/v1/boxes/${box}/executions/${execution}/attach`;
    const plain = await runner.call('GET', path);
    expect(refusal(plain)).toBe('426 InvalidArgumentError invalid_argument');
    expect(plain.headers.upgrade).toBe('websocket');
    const head = `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n`;
    expect(await raw(runner.url, `${head}sec-websocket-version: 12\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 426[^]*invalid_argument/,
    );
    expect(await raw(runner.url, `${head}sec-websocket-version: 13\r\nsec-websocket-key: x\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 400[^]*invalid_argument/,
    );
    // None of them has taken the place.
    (await runner.attach(box, execution)).socket.terminate();
  });

  test('an upgrade of another route is refused with the envelope', async ({ runner }) => {
    const head = 'HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n';
    expect(await raw(runner.url, `GET /v1/boxes ${head}`)).toMatch(
      /^HTTP\/1.1 400[^]*"code":"invalid_argument"/,
    );
    expect(await raw(runner.url, `GET /nowhere ${head}`)).toMatch(/^HTTP\/1.1 404[^]*"code":"not_found"/);
  });
});

describe('too many executions', () => {
  test.override({ settings: { limits: { executionsPerBox: 2 } } });
  test('are 429, and a place is free again when one has ended', async ({ runner }) => {
    const box = await runner.box();
    const starts = await Promise.all(
      Array.from({ length: 5 }, () =>
        runner.call('POST', `/v1/boxes/${box}/exec`, { body: { command: 'sleep', args: ['60'] } }),
      ),
    );
    expect(starts.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = starts.filter(({ status }) => status !== 201);
    for (const answer of refused)
      expect(refusal(answer)).toBe('429 ResourceExhaustedError resource_exhausted');
    const first = starts.find(({ status }) => status === 201)?.json['execution_id'] as string;
    await runner.call('DELETE', `/v1/boxes/${box}/executions/${first}`);
    await runner.exec(box, 'true');
  });
});
