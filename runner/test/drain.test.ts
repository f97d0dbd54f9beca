import { Agent, request } from 'node:http';
import { describe, expect } from 'vitest';
import { createRunner } from '../lib/index.js';
import { call } from './support/client.js';
import { test } from './support/runner.js';

describe('closing', () => {
  test('lets attached executions finish, and begins nothing new', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.sh(box, 'read x; echo served; exit 4'));
    const agent = new Agent({ keepAlive: true });
    expect(await onKeptConnection(agent, runner.url, '/v1/boxes')).toBe(200);
    const closing = runner.runner.close({ graceMs: 30_000 });
    // A connection of before is still served, but nothing begins.
    client.socket.send(Buffer.from('\n'));
    expect(await client.end()).toEqual({ exitCode: 4, code: 1000 });
    expect(client.bytes().toString()).toBe('served\n');
    await closing;
    await expect(call(runner.url, 'GET', '/')).rejects.toThrow();
    agent.destroy();
  });

  test('sends clients away with 1001 when the grace is over', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'sleep', ['60']));
    await Promise.all([runner.runner.close({ graceMs: 50 }), runner.runner.close()]);
    expect(await client.end()).toEqual({ exitCode: undefined, code: 1001 });
  });

  test('refuses new work with 503 while it drains', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    runner.service.draining = true;
    for (const [method, path, body] of [
      ['POST', '/v1/boxes', {}],
      ['POST', `/v1/boxes/${box}/exec`, { command: 'true' }],
      ['POST', `/v1/boxes/${box}/start`, undefined],
    ] as const) {
      const answer = await runner.call(method, path, { body });
      expect([answer.status, answer.json['error']['code']]).toEqual([503, 'engine_unavailable']);
    }
    expect((await runner.call('DELETE', `/v1/boxes/${box}/executions/${execution}`)).status).toBe(204);
    expect((await runner.call('GET', '/')).json['status']).toBe('draining');
  });

  test('keeps idle connections longer than the pool of clients', async ({ runner }) => {
    const answer = await runner.call('GET', '/v1/config', { headers: { connection: 'keep-alive' } });
    expect(Number(/timeout=(\d+)/.exec(String(answer.headers['keep-alive']))?.[1])).toBeGreaterThanOrEqual(
      95,
    );
  });

  test('before listening is fine, and the runtime stays open', async ({ runtime }) => {
    const runner = await createRunner({ runtime, port: 0 });
    expect(() => runner.url).toThrow(/listen/);
    await runner.close();
    expect(await runtime.list()).toEqual([]);
  });
});

function onKeptConnection(agent: Agent, base: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(base + path, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    sent.end();
  });
}
