import fastify from 'fastify';
import { describe, expect } from 'vitest';
import { runnerPlugin } from '../lib/index.js';
import { Attachment } from './support/attachment.js';
import { call, raw } from './support/client.js';
import { test } from './support/runner.js';

describe('the plugin', () => {
  test('serves a runner below a prefix of another server', async ({ runtime }) => {
    const server = fastify();
    const seen: string[] = [];
    server.addHook('onRequest', async (request) => void seen.push(request.url));
    server.get('/own', () => ({ own: true }));
    await server.register(runnerPlugin, { prefix: '/boxlite', runtime, apiKey: 'k', graceMs: 0 });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: 'Bearer k' };

    expect((await call(url, 'GET', '/own')).json).toEqual({ own: true });
    expect((await call(url, 'GET', '/boxlite/v1/config')).status).toBe(200);
    expect((await call(url, 'GET', '/boxlite/v1/boxes')).status).toBe(401);
    const nothing = await call(url, 'GET', '/boxlite/nothing', { headers });
    expect([nothing.status, nothing.json['error']['code']]).toEqual([404, 'not_found']);
    expect(
      await raw(url, 'GET /boxlite/v1/boxes/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    ).toContain('400');

    const created = await call(url, 'POST', '/boxlite/v1/team/boxes', { body: {}, headers });
    const box = created.json['box_id'] as string;
    expect(created.headers.location).toBe(`/boxlite/v1/team/boxes/${box}`);
    const started = await call(url, 'POST', `/boxlite/v1/boxes/${box}/exec`, {
      body: { command: 'echo', args: ['x'] },
      headers,
    });
    const path = `/boxlite/v1/boxes/${box}/executions/${String(started.json['execution_id'])}/attach`;
    await expect(Attachment.open(url + path)).rejects.toMatchObject({ status: 401 });
    const client = await Attachment.open(url + path, { headers });
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.bytes().toString()).toBe('x\n');
    expect(seen).toContain('/boxlite/v1/config');
    await server.close();
  });
});
