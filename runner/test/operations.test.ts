import { describe, expect } from 'vitest';
import { test } from './support/runner.js';

describe('metrics', () => {
  test('of the runtime and of a box are whole numbers', async ({ runner }) => {
    const box = await runner.box();
    expect((await runner.call('GET', `/v1/boxes/${box}/metrics`)).json).toMatchObject({
      commands_executed_total: 0,
    });
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    client.socket.send(Buffer.from('12345'));
    client.send({ type: 'stdin_eof' });
    await client.end();
    await runner.call('POST', `/v1/boxes/${box}/exec`, { body: { command: '/no/such' } });
    expect((await runner.call('GET', `/v1/boxes/${box}/metrics`)).json).toMatchObject({
      commands_executed_total: 1,
      exec_errors_total: 1,
      bytes_sent_total: 5,
      bytes_received_total: 5,
      network_bytes_sent: null,
    });
    expect((await runner.call('GET', '/v1/p/metrics')).json).toMatchObject({
      boxes_created_total: 1,
      num_running_boxes: 1,
      total_commands_executed: 1,
      total_exec_errors: 1,
      boxes_stopped_total: 0,
    });
    await runner.call('POST', `/v1/boxes/${box}/stop`);
    expect((await runner.call('GET', '/v1/metrics')).json).toMatchObject({
      num_running_boxes: 0,
      boxes_stopped_total: 1,
    });
    const stopped = await runner.call('GET', `/v1/boxes/${box}/metrics`);
    expect(stopped.status).toBe(200);
    expect(stopped.json).toMatchObject({ commands_executed_total: 1, bytes_received_total: 5 });
    expect((await runner.call('GET', '/v1/boxes/none/metrics')).status).toBe(404);
  });

  test('for Prometheus are on a path of their own', async ({ runner }) => {
    const box = await runner.box();
    await runner.attach(box, await runner.exec(box, 'cat'));
    const { headers, text } = await runner.call('GET', '/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0/);
    expect(text).toContain('boxlite_runner_boxes{status="running"} 1');
    expect(text).toContain('boxlite_runner_clients_attached 1');
    expect(text).toContain('boxlite_runner_executions_total 1');
    expect(text).toContain('boxlite_runner_requests_total{method="POST",route="/v1/boxes",status="201"} 1');
    expect(text).not.toContain(box);
  });
});

describe('what operators look at', () => {
  test('the status view is a page without figures, and the figures beside it', async ({ runner }) => {
    const box = await runner.box({ name: '<b>bold</b>'.replace(/\W/g, '-').replace(/^-+/, '') });
    await runner.attach(box, await runner.exec(box, 'cat'));
    const page = await runner.call('GET', '/status');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).not.toContain(box);
    const root = await runner.call('GET', '/', { headers: { accept: 'text/html,*/*' } });
    expect(root.text).toBe(page.text);
    expect((await runner.call('GET', '/status.json')).json).toMatchObject({
      draining: false,
      boxes: [{ box_id: box }],
      executions: [{ box_id: box, attached: true, unconfirmed_bytes: 0 }],
    });
  });

  test('the description of the API has all its routes', async ({ runner }) => {
    const { json } = await runner.call('GET', '/openapi.json');
    expect(json['openapi']).toMatch(/^3\./);
    expect(Object.keys(json['paths'] as object)).toEqual(
      expect.arrayContaining([
        '/v1/config',
        '/v1/me',
        '/v1/boxes',
        '/v1/boxes/{box_id}',
        '/v1/boxes/{box_id}/exec',
        '/v1/boxes/{box_id}/files',
        '/v1/boxes/{box_id}/executions/{exec_id}/attach',
      ]),
    );
    const { post } = json['paths']['/v1/boxes/{box_id}/exec'];
    expect(post.requestBody.content['application/json'].schema.required).toEqual(['command']);
  });
});
