import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Runtime, StoppedError, type Execution } from '../../lib/index.js';
import { readers } from '../readers.js';
import { sh } from './support.js';

/** More than is kept, so that the readers below are in the middle of it; or a piece, behind which nothing comes. */
const scripts = {
  'in the middle': 'yes 0123456789abcde | head -c 50000000; sleep 60',
  'while it waits': 'echo first; sleep 60',
};

async function started(script: string): Promise<{ runtime: Runtime; execution: Execution }> {
  const runtime = await Runtime.open({ engine: 'embedded' });
  return { runtime, execution: await sh(await runtime.create(), script, { stdin: 'ignore' }) };
}

for (const [moment, script] of Object.entries(scripts)) {
  for (const [name, read] of Object.entries(readers)) {
    test(`who reads ${name} of a runtime that is closed is told: ${moment}`, async () => {
      const { runtime, execution } = await started(script);
      const items = read(execution)[Symbol.asyncIterator]();
      expect(await items.next()).toMatchObject({ done: false });
      const rest = (async () => {
        while (!(await items.next()).done);
      })();
      // Within one turn: the reader has not had the time to take what is there.
      const closed = runtime.close();
      await expect(rest).rejects.toBeInstanceOf(StoppedError);
      await closed;
    });
  }
}

test('a stream whose errors nobody hears closes without an end', async () => {
  const { runtime, execution } = await started(scripts['while it waits']);
  const told: string[] = [];
  execution.stdout.on('end', () => told.push('end')).on('close', () => told.push('close'));
  await once(execution.stdout, 'data');
  // Not `once`, which listens for errors too.
  const closed = new Promise((resolve) => execution.stdout.on('close', resolve));
  await runtime.close();
  await closed;
  expect(told).toEqual(['close']);
  expect(execution.stdout.readableAborted).toBe(true);
});

test('a stream that was read to its end has ended', async () => {
  const { runtime, execution } = await started('echo all');
  const text: string[] = [];
  for await (const line of execution.lines()) text.push(line);
  await runtime.close();
  expect(text).toEqual(['all']);
  expect(await execution.wait()).toMatchObject({ exitCode: 0 });
});

test('the close of an execution ends its own readers', async () => {
  const { runtime, execution } = await started(scripts['while it waits']);
  const lines = execution.lines();
  expect(await lines.next()).toEqual({ value: 'first', done: false });
  const next = lines.next();
  await execution.close();
  expect(await next).toEqual({ value: undefined, done: true });
  await runtime.close();
});
