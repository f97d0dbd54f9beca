import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import type { Attachment } from './support/attachment.js';
import { test } from './support/runner.js';

describe('chaos', () => {
  test('200 clients attached at once, some of them gone in the middle', async ({ runner }) => {
    const box = await runner.box();
    const script = 'i=0; while [ $i -lt 200 ]; do echo line-$i; i=$((i+1)); done; read x; echo bye';
    const whole = `${Array.from({ length: 200 }, (_, i) => `line-${i}\n`).join('')}bye\n`;
    const executions = await Promise.all(Array.from({ length: 200 }, () => runner.sh(box, script)));
    const clients = await Promise.all(executions.map((execution) => runner.attach(box, execution)));
    await Promise.all(clients.map((client) => client.until(() => client.bytes().includes('line-199\n'))));
    for (const [i, client] of clients.entries()) if (i % 4 === 0) client.socket.terminate();
    for (const [i, client] of clients.entries()) if (i % 4 !== 0) client.socket.send(Buffer.from('\n'));
    for (const [i, client] of clients.entries()) {
      if (i % 4 === 0) continue;
      expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
      expect(client.bytes().toString()).toBe(whole);
    }
    await runner.left();
    for (const [i, client] of clients.entries()) {
      if (i % 4 !== 0) continue;
      const again = await runner.attach(box, executions[i] as string);
      again.socket.send(Buffer.from('\n'));
      expect((await again.end()).exitCode).toBe(0);
      expect(whole.endsWith(again.bytes().toString())).toBe(true);
      expect(client.bytes().length + again.bytes().length).toBeGreaterThanOrEqual(whole.length);
    }
  });

  test('a box deleted during exec: 201 or 404, and no client hangs', async ({ runner }) => {
    for (let round = 0; round < 20; round++) {
      const box = await runner.box();
      if (round % 2 === 0) await runner.exec(box, 'true');
      const [started, removed] = await Promise.all([
        runner.call('POST', `/v1/boxes/${box}/exec`, { body: { command: 'sleep', args: ['60'] } }),
        runner.call('DELETE', `/v1/boxes/${box}?force=true`),
      ]);
      expect(removed.status).toBe(204);
      expect([201, 404]).toContain(started.status);
      if (started.status === 404) expect(started.json['error']['code']).toBe('not_found');
      expect((await runner.call('GET', `/v1/boxes/${box}`)).status).toBe(404);
    }
  });

  test('a box deleted under attached clients gives each its output and exit frame', async ({ runner }) => {
    const box = await runner.box();
    const clients = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        runner.attach(box, await runner.sh(box, `echo ${i}; exec sleep 60`)),
      ),
    );
    await Promise.all(clients.map((client, i) => client.until(() => client.bytes().toString() === `${i}\n`)));
    expect((await runner.call('DELETE', `/v1/boxes/${box}?force=true`)).status).toBe(204);
    for (const client of clients) {
      const { exitCode, code } = await client.end();
      expect(code).toBe(1000);
      expect(exitCode).toBeLessThan(0);
    }
    await runner.left();
    expect([...runner.service.registry.records]).toHaveLength(0);
  });

  test('a client that stalls does not hold another up, and its execution waits for it', async ({
    runner,
  }) => {
    const box = await runner.box();
    const stalled = await runner.attach(box, await runner.exec(box, 'head', ['-c', '30000000', '/dev/zero']));
    stalled.socket.pause();
    const clients: Attachment[] = [];
    for (let i = 0; i < 10; i++) clients.push(await runner.attach(box, await runner.sh(box, 'seq 1 20000')));
    for (const client of clients) expect((await client.end()).exitCode).toBe(0);
    const [record] = runner.service.registry.records;
    expect(record?.outputs[0].end).toBeLessThan(20_000_000);
    stalled.socket.resume();
    expect((await stalled.end()).exitCode).toBe(0);
    expect(stalled.bytes().length).toBe(30_000_000);
  });

  test('requests that break off in the middle of their body harm nobody', async ({ runner }) => {
    const { hostname, port } = new URL(runner.url);
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(`POST /v1/boxes HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"name":`, () =>
        socket.destroy(),
      );
    }
    expect((await runner.call('GET', '/v1/boxes')).json['boxes']).toEqual([]);
  });
});
