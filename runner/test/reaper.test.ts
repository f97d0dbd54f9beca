import { Execution } from 'boxlite-ffi';
import { afterEach, describe, expect, vi } from 'vitest';
import { FakeClock } from './support/fake-clock.js';
import { test } from './support/runner.js';

afterEach(() => vi.restoreAllMocks());

describe('orphans', () => {
  const limits = {
    reconnectGraceMs: 300_000,
    shutdownGraceMs: 30_000,
    reapIntervalMs: 30_000,
    retentionMs: 300_000,
  };
  test.override({ clock: async ({}, use) => use(new FakeClock()), settings: { limits } });

  const stubborn = "trap 'echo hup' HUP; trap 'echo term' TERM; echo ready; while :; do sleep 0.02; done";

  test('get HUP, then TERM, then KILL, and then attach is 410', async ({ runner, clock }) => {
    const time = clock as FakeClock;
    const box = await runner.box();
    const execution = await runner.sh(box, stubborn);
    time.advance(299_000);
    const early = await runner.attach(box, execution);
    await early.until(() => early.bytes().includes('ready'));
    early.socket.terminate();
    await runner.left();
    // The schedule began afresh with the disconnect.
    time.advance(290_000);
    const client = await runner.attach(box, execution);
    expect(client.bytes().includes('hup')).toBe(false);
    client.socket.terminate();
    await runner.left();
    time.advance(330_000);
    await runner.reaped();
    time.advance(60_000);
    await runner.reaped();
    time.advance(60_000);
    await expect.poll(async () => (await runner.status(box, execution)).status).toBe(404);
    const path = `/v1/boxes/${box}/executions/${execution}`;
    expect((await runner.call('DELETE', path)).status).toBe(404);
    await expect(runner.attach(box, execution)).rejects.toMatchObject({
      status: 410,
      body: { error: { code: 'session_reaped', type: 'SessionReapedError' } },
    });
    for (const [end, body] of [
      ['signal', { signal: 15 }],
      ['resize', { cols: 1, rows: 1 }],
    ] as const) {
      expect((await runner.call('POST', `${path}/${end}`, { body })).status).toBe(404);
    }
    const other = await runner.box();
    await expect(runner.attach(other, execution)).rejects.toMatchObject({ status: 404 });
  });

  test('take nothing but a kill while the reaper is at them', async ({ runner, clock }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['600'], { tty: true });
    // The reaper's own signal hangs; the kill that comes later does not.
    const kill = vi.spyOn(Execution.prototype, 'kill').mockReturnValueOnce(new Promise(() => undefined));
    (clock as FakeClock).advance(300_000);
    expect(kill).toHaveBeenCalledOnce();
    const path = `/v1/boxes/${box}/executions/${execution}`;
    for (const [end, body] of [
      ['signal', { signal: 15 }],
      ['resize', { cols: 1, rows: 1 }],
    ] as const) {
      const { status, json } = await runner.call('POST', `${path}/${end}`, { body });
      expect([status, json['error']['code']]).toEqual([409, 'invalid_state']);
    }
    await expect(runner.attach(box, execution)).rejects.toMatchObject({
      status: 409,
      body: { error: { code: 'invalid_state' } },
    });
    expect((await runner.status(box, execution)).json['status']).toBe('running');
    expect((await runner.call('DELETE', path)).status).toBe(204);
    expect(await runner.ended(box, execution)).toMatchObject({ status: 'killed', exit_code: -9 });
  });

  test('that die of the first signal are kept for their retention, as killed', async ({ runner, clock }) => {
    const time = clock as FakeClock;
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['600']);
    time.advance(300_000);
    const end = await runner.ended(box, execution);
    expect(end).toMatchObject({ status: 'killed', exit_code: -1 });
    const client = await runner.attach(box, execution);
    expect((await client.end()).code).toBe(1000);
    await runner.left();
    time.advance(400_000);
    expect((await runner.status(box, execution)).status).toBe(404);
  });

  test('ended executions are forgotten after their retention, without a signal', async ({
    runner,
    clock,
  }) => {
    const time = clock as FakeClock;
    const box = await runner.box();
    const execution = await runner.exec(box, 'true');
    await runner.ended(box, execution);
    time.advance(290_000);
    expect((await runner.status(box, execution)).status).toBe(200);
    time.advance(60_000);
    expect((await runner.status(box, execution)).status).toBe(404);
    await expect(runner.attach(box, execution)).rejects.toMatchObject({ status: 404 });
  });
});

describe('an execution that is too old', () => {
  const limits = { maxLifetimeMs: 40_000, reapIntervalMs: 30_000 };
  test.override({ clock: async ({}, use) => use(new FakeClock()), settings: { limits } });

  test('is ended although a client is attached, who gets the exit frame', async ({ runner, clock }) => {
    const time = clock as FakeClock;
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['600']);
    const client = await runner.attach(box, execution);
    time.advance(30_000);
    expect((await runner.status(box, execution)).json['status']).toBe('running');
    time.advance(30_000);
    expect((await client.end()).exitCode).toBe(-15);
    expect((await runner.status(box, execution)).json).toMatchObject({
      status: 'killed',
      error_message: expect.stringContaining('age') as string,
    });
  });
});
