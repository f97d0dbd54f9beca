import { Execution } from 'boxlite-ffi';
import { afterEach, describe, expect, vi } from 'vitest';
import { FakeClock } from './support/fake-clock.js';
import { test } from './support/runner.js';

/** Makes an operation of every execution hang; resolves when the runner has asked for it. */
function hang(operation: 'kill' | 'resize'): Promise<void> {
  return new Promise((asked) => {
    vi.spyOn(Execution.prototype, operation).mockImplementation(() => {
      // A turn later, when the runner waits for the answer.
      setImmediate(asked);
      return new Promise<void>(() => undefined);
    });
  });
}

describe('what an engine does not deliver within 10 s', () => {
  test.override({ clock: async ({}, use) => use(new FakeClock()) });
  afterEach(() => vi.restoreAllMocks());

  test.for([
    { what: 'a signal', method: 'POST', path: '/signal', operation: 'kill', body: { signal: 15 } },
    { what: 'a resize', method: 'POST', path: '/resize', operation: 'resize', body: { rows: 5, cols: 50 } },
    { what: 'a kill', method: 'DELETE', path: '', operation: 'kill', body: undefined },
  ] as const)('is 504: $what', async ({ method, path, operation, body }, { runner, clock }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['600'], { tty: true });
    const asked = hang(operation);
    const answer = runner.call(method, `/v1/boxes/${box}/executions/${execution}${path}`, { body });
    await asked;
    (clock as FakeClock).advance(10_000);
    const { status, json } = await answer;
    expect(status).toBe(504);
    expect(json).toMatchObject({ error: { type: 'TimeoutError', code: 'timeout' } });
    expect((json['error'] as { message: string }).message).toContain('10 s');
    vi.restoreAllMocks();
    expect((await runner.status(box, execution)).json['status']).toBe('running');
  });
});
