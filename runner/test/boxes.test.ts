import { describe, expect } from 'vitest';
import { call, raw } from './support/client.js';
import { test } from './support/runner.js';

const node010 = {
  name: 'n1',
  image: 'alpine:latest',
  cpus: 1,
  memory_mib: 256,
  env: { A: 'b' },
  network: { outbound: { mode: 'enabled' }, inbound: { mode: 'enabled' } },
  detach: false,
};

describe('a box', () => {
  test('is made from what the published client sends, and shown in full', async ({ runner }) => {
    const answer = await runner.call('POST', '/v1/boxes', { body: node010 });
    expect(answer.status).toBe(201);
    const box = answer.json;
    expect(box).toEqual({
      box_id: expect.stringMatching(/^[0-9A-Za-z]{12}$/) as string,
      name: 'n1',
      status: 'configured',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      updated_at: box['created_at'] as string,
      image: 'alpine:latest',
      cpus: 1,
      memory_mib: 256,
      pid: null,
      labels: {},
      auto_stop: 0,
      auto_delete: 0,
      auto_resume: expect.any(Boolean) as boolean,
    });
    expect(answer.headers.location).toBe(`/v1/boxes/${String(box['box_id'])}`);
    for (const key of [box['box_id'] as string, 'n1']) {
      const got = await runner.call('GET', `/v1/boxes/${key}`);
      expect([got.status, got.json]).toEqual([200, box]);
      const head = await runner.call('HEAD', `/v1/boxes/${key}`);
      expect([head.status, head.text]).toEqual([204, '']);
    }
    expect((await runner.call('GET', '/v1/boxes')).json).toEqual({ boxes: [box], next_page_token: null });
  });

  test('goes from configured to running to stopped to running, and tells when', async ({ runner }) => {
    const box = await runner.box();
    const started = await runner.call('POST', `/v1/boxes/${box}/start`);
    expect([started.status, started.json['box_id'], started.json['status']]).toEqual([200, box, 'running']);
    const again = await runner.call('POST', `/v1/boxes/${box}/start`);
    expect([again.status, again.json['status']]).toEqual([200, 'running']);
    const stopped = await runner.call('POST', `/v1/boxes/${box}/stop`);
    expect([stopped.status, stopped.json['status']]).toEqual([200, 'stopped']);
    expect(stopped.json['updated_at'] >= started.json['updated_at']).toBe(true);
    for (const body of [undefined, {}, { timeout_seconds: 0.5 }]) {
      const twice = await runner.call('POST', `/v1/boxes/${box}/stop`, body === undefined ? {} : { body });
      expect([twice.status, twice.json['status']]).toEqual([200, 'stopped']);
    }
    expect((await runner.call('POST', `/v1/boxes/${box}/start`)).json['status']).toBe('running');
    expect(
      (await runner.call('POST', `/v1/boxes/${box}/stop`, { body: { timeout_seconds: -1 } })).status,
    ).toBe(400);
  });

  test('that clients before 0.10 ask to be removed by its stop is shown stopped, and gone', async ({
    runner,
  }) => {
    const kept = await runner.box({
      image: 'a',
      network: { mode: 'enabled' },
      auto_remove: false,
      detach: false,
    });
    const box = await runner.box({ auto_remove: true });
    for (const id of [kept, box]) {
      await runner.call('POST', `/v1/boxes/${id}/start`);
      const stopped = await runner.call('POST', `/v1/boxes/${id}/stop`);
      expect([stopped.status, stopped.json['box_id'], stopped.json['status']]).toEqual([200, id, 'stopped']);
    }
    expect((await runner.call('GET', `/v1/boxes/${kept}`)).status).toBe(200);
    expect((await runner.call('GET', `/v1/boxes/${box}`)).status).toBe(404);
  });

  test('is started and stopped by requests without body and without its length', async ({ runner }) => {
    const box = await runner.box();
    for (const [path, status] of [
      ['start', 'running'],
      ['stop', 'stopped'],
    ] as const) {
      const request = `POST /v1/boxes/${box}/${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
      expect(await raw(runner.url, request)).toMatch(new RegExp(`^HTTP/1.1 200 [^]*"status":"${status}"`));
    }
  });

  test('that was never started may be stopped', async ({ runner }) => {
    const answer = await runner.call('POST', `/v1/boxes/${await runner.box()}/stop`);
    expect(answer.status).toBe(200);
  });

  test('stops once for two that ask at a time', async ({ runner }) => {
    const box = await runner.box();
    await runner.sh(box, "trap '' TERM HUP; while :; do sleep 0.05; done");
    const stops = await Promise.all(
      [1, 2, 3].map(() => runner.call('POST', `/v1/boxes/${box}/stop`, { body: { timeout_seconds: 0.3 } })),
    );
    expect(stops.map(({ status, json }) => [status, json['status']])).toEqual(
      Array(3).fill([200, 'stopped']),
    );
  });

  test('is removed only by force while it runs, and is gone when the answer comes', async ({ runner }) => {
    const box = await runner.box({ name: 'r' });
    await runner.exec(box, 'sleep', ['60']);
    const refused = await runner.call('DELETE', `/v1/boxes/${box}?force=false`);
    expect([refused.status, refused.json['error']['code']]).toEqual([409, 'invalid_state']);
    const removed = await runner.call('DELETE', `/v1/boxes/r?force=true`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await runner.call('GET', `/v1/boxes/${box}`)).status).toBe(404);
    expect((await runner.call('HEAD', `/v1/boxes/${box}`)).status).toBe(404);
    expect((await runner.call('DELETE', `/v1/boxes/${box}?force=true`)).status).toBe(404);
  });

  test('that two delete at once is deleted once', async ({ runner }) => {
    for (let i = 0; i < 10; i++) {
      const box = await runner.box();
      await runner.exec(box, 'sleep', ['60']);
      const both = await Promise.all([1, 2].map(() => runner.call('DELETE', `/v1/boxes/${box}?force=true`)));
      const statuses = both.map(({ status }) => status).sort();
      expect([
        [204, 204],
        [204, 404],
      ]).toContainEqual(statuses);
    }
  });

  test('is not found by the start of its id, nor by a name that nobody can have', async ({ runner }) => {
    const box = await runner.box();
    for (const key of [box.slice(0, 6), '%2e%2e', 'a%20b', 'a%2Fb', '%00', `${box}%20`]) {
      expect((await runner.call('GET', `/v1/boxes/${key}`)).status).toBe(404);
    }
  });

  test('whose name is the start of the id of another is found by its name', async ({ runner }) => {
    const other = await runner.box();
    const name = other.slice(0, 5);
    const box = await runner.box({ name });
    expect((await runner.call('GET', `/v1/boxes/${name}`)).json['box_id']).toBe(box);
  });
});

describe('the list', () => {
  test('is complete, or comes in pages that show each box exactly once whatever comes and goes', async ({
    runner,
  }) => {
    const made: string[] = [];
    for (let i = 0; i < 12; i++) made.push(await runner.box());
    expect((await runner.call('GET', '/v1/boxes')).json['boxes']).toHaveLength(12);
    const seen: string[] = [];
    let token: string | null = null;
    do {
      const query: string = token === null ? 'pageSize=5' : `pageSize=5&pageToken=${token}`;
      const { json } = await runner.call('GET', `/v1/boxes?${query}`);
      seen.push(...(json['boxes'] as { box_id: string }[]).map(({ box_id }) => box_id));
      token = json['next_page_token'] as string | null;
      if (seen.length === 5) {
        await runner.call('DELETE', `/v1/boxes/${seen[0]}`);
        await runner.call('DELETE', `/v1/boxes/${seen[4]}`);
        await runner.box();
      }
    } while (token !== null);
    for (const id of made) expect(seen.filter((other) => other === id)).toHaveLength(1);
  });

  test('can be asked for one status', async ({ runner }) => {
    const running = await runner.box();
    await runner.box();
    await runner.call('POST', `/v1/boxes/${running}/start`);
    const { json } = await runner.call('GET', '/v1/boxes?status=running');
    expect(json['boxes']).toMatchObject([{ box_id: running }]);
  });
});

describe('ends', () => {
  test('stop, remove, kill and time-out under an attached client give the exit frame', async ({ runner }) => {
    for (const end of ['stop', 'remove', 'kill', 'time-out'] as const) {
      const box = await runner.box();
      const more = end === 'time-out' ? { timeout_seconds: 0.2 } : {};
      const execution = await runner.sh(box, 'echo ready; exec sleep 60', more);
      const client = await runner.attach(box, execution);
      await client.until(() => client.bytes().includes('ready'));
      if (end === 'stop')
        await runner.call('POST', `/v1/boxes/${box}/stop`, { body: { timeout_seconds: 0 } });
      if (end === 'remove')
        expect((await runner.call('DELETE', `/v1/boxes/${box}?force=true`)).status).toBe(204);
      if (end === 'kill')
        expect((await runner.call('DELETE', `/v1/boxes/${box}/executions/${execution}`)).status).toBe(204);
      const { exitCode, code } = await client.end();
      expect(code).toBe(1000);
      expect(exitCode).toBeLessThan(0);
      expect(client.bytes().toString()).toBe('ready\n');
      if (end === 'remove') continue;
      const status = (await runner.status(box, execution)).json;
      expect(status).toMatchObject({
        status: end === 'time-out' ? 'timed_out' : 'killed',
        exit_code: exitCode,
      });
      if (end === 'stop') expect(status['error_message']).toContain('stopped');
    }
  });

  test('exec, then kill, then attach: the signal code and no error', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const path = `/v1/boxes/${box}/executions/${execution}`;
    expect((await runner.call('DELETE', path)).status).toBe(204);
    expect((await runner.status(box, execution)).json).toMatchObject({ status: 'killed', exit_code: -9 });
    const client = await runner.attach(box, execution);
    expect(await client.end()).toEqual({ exitCode: -9, code: 1000 });
    expect(client.story()).toBe('exit');
  });

  test('by a signal that was sent is completed, with the signal code', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const path = `/v1/boxes/${box}/executions/${execution}`;
    expect((await runner.call('POST', `${path}/signal`, { body: { signal: 15 } })).status).toBe(204);
    expect(await runner.ended(box, execution)).toMatchObject({
      execution_id: execution,
      status: 'completed',
      exit_code: -15,
      error_message: null,
      duration_ms: expect.any(Number) as number,
    });
  });

  test('0 seconds of time limit are none', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'sleep 0.3; exit 6', { timeout_seconds: 0 });
    expect(await runner.ended(box, execution)).toMatchObject({ status: 'completed', exit_code: 6 });
  });

  test('a grandchild that keeps the pipe does not hold the end up', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.sh(box, 'echo first; sleep 60 & exit 0'));
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.bytes().toString()).toBe('first\n');
  });
});

describe('exec', () => {
  test('takes args, env and working_dir, and tells where to find it', async ({ runner }) => {
    const box = await runner.box({ env: { BOX: 'b' }, working_dir: '/' });
    const body = {
      command: 'sh',
      args: ['-c', 'echo $BOX $K $PWD'],
      env: { K: 'v' },
      working_dir: '/tmp',
      timeout_seconds: 30.0,
      tty: false,
    };
    const answer = await runner.call('POST', `/v1/p/boxes/${box}/exec`, { body });
    const id = answer.json['execution_id'] as string;
    expect(answer.status).toBe(201);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.location).toBe(`/v1/p/boxes/${box}/executions/${id}`);
    const client = await runner.attach(box, id);
    await client.end();
    expect(client.bytes().toString()).toBe('b v /tmp\n');
  });

  test('a thousand short commands, attached early and late, lose nothing', async ({ runner }) => {
    const box = await runner.box();
    const text = 'PRETTY_NAME="Debian GNU/Linux"\n'.repeat(12);
    for (let round = 0; round < 20; round++) {
      const outputs = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const id = await runner.exec(box, 'printf', ['%s', text]);
          if (i % 2 === 0) await runner.ended(box, id);
          const client = await runner.attach(box, id);
          const end = await client.end();
          return end.exitCode === 0 && end.code === 1000 && client.bytes().toString() === text;
        }),
      );
      expect(outputs.filter((whole) => !whole)).toEqual([]);
    }
  });
});

describe('the prefix', () => {
  test.for(['', '/team', '/us-east/team-42', '/a/b/c'])(
    "'%s' is accepted and ignored",
    async (prefix, { runner }) => {
      const created = await call(runner.url, 'POST', `/v1${prefix}/boxes`, { body: {} });
      const id = created.json['box_id'] as string;
      expect(created.headers.location).toBe(`/v1${prefix}/boxes/${id}`);
      expect((await runner.call('GET', `/v1${prefix}/boxes/${id}`)).status).toBe(200);
      expect((await runner.call('GET', `/v1${prefix}/boxes?pageSize=1`)).status).toBe(200);
      expect((await runner.call('GET', '/v1/me')).json['path_prefix']).toBeNull();
    },
  );

  test('ends at the first resource word', async ({ runner }) => {
    expect((await runner.call('GET', '/v1/a/boxes/x/boxes')).status).toBe(404);
    expect((await runner.call('GET', '/v1/boxes/boxes')).json['error']['message']).toContain(
      "no box 'boxes'",
    );
  });
});

describe('a configured prefix', () => {
  test.override({ settings: { pathPrefix: 'eu/team' } });
  test('is served beside none, told in me, and others are 404', async ({ runner }) => {
    expect((await runner.call('GET', '/v1/me')).json['path_prefix']).toBe('eu/team');
    for (const [prefix, status] of [
      ['', 200],
      ['/eu/team', 200],
      ['/eu', 404],
      ['/team', 404],
      ['/eu/team/x', 404],
    ] as const) {
      expect((await runner.call('GET', `/v1${prefix}/boxes`)).status).toBe(status);
    }
    expect((await runner.call('GET', '/v1/eu/team/config')).status).toBe(404);
  });
});

describe('discovery', () => {
  test('config has the booleans that clients read, me the fields that they need', async ({ runner }) => {
    const { capabilities } = (await runner.call('GET', '/v1/config')).json;
    for (const name of ['linux_capabilities', 'snapshots', 'clone', 'export', 'import']) {
      expect(capabilities[`${name}_enabled`]).toBe(false);
    }
    expect((await runner.call('GET', '/v1/me')).json).toEqual({
      sub: expect.any(String) as string,
      principal_type: 'service_account',
      scopes: ['box:read', 'box:write', 'box:exec'],
      path_prefix: null,
    });
    expect((await runner.call('GET', '/')).json).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d/) as string,
    });
    expect((await runner.call('HEAD', '/')).status).toBe(200);
  });
});
