import { describe, expect } from 'vitest';
import { bytesOf, failure, newGate, release, story, test } from './fault.js';

// H12, H25: −129 and −1 say that the process is gone, not how.

describe('the code of the wait wins over', () => {
  test.for(['-129', '-1'])('an exit callback with %s', async (code, { box }) => {
    expect(await story(await box.exec(`stdout "x"; exit ${code}; wait 3`))).toEqual([
      'stdout:x',
      'exit:3',
      'wait:3',
    ]);
  });

  test('an exit callback with -129 that comes after it', async ({ box }) => {
    expect(await story(await box.exec('wait 0; stdout "x"; exit -129'))).toEqual([
      'stdout:x',
      'exit:0',
      'wait:0',
    ]);
  });
});

describe('a lost status is an error, never a code', () => {
  test.for(['wait -1; exit -1', 'exit -1; wait -1', 'exit -1', 'exit -129', 'wait -1'])(
    '%s',
    async (script, { box }) => {
      expect(await story(await box.exec(`stdout "kept"; ${script}`))).toEqual([
        'stdout:kept',
        'wait:InternalError',
      ]);
    },
  );

  test('the exit code of a killed process is its signal', async ({ box }) => {
    expect(await story(await box.exec('wait -15; exit -15'))).toEqual(['exit:SIGTERM', 'wait:SIGTERM']);
  });
});

describe('a wait that fails while output is on its way', () => {
  test.for([
    [11, 'StoppedError'],
    [17, 'RpcTransportError'],
  ] as const)('with %i rejects after the output, with its type', async ([code, name], { box }) => {
    const told = await story(await box.exec(`wait error ${code}; stdout "pending"; stderr "too"; exit -1`));
    expect(told).toEqual(['stdout:pending', 'stderr:too', `wait:${name}`]);
  });

  test('run() rejects with it', async ({ box }) => {
    const error = await failure(box.run('wait error 17 "connection reset"; stdout "pending"; exit -1'));
    expect(error).toMatchObject({ name: 'RpcTransportError', errno: 17, operation: 'execution.wait' });
    expect(error.message).toContain('connection reset');
  });
});

describe('a box that stops while its command writes', () => {
  test('by itself: the output is kept, the status is unknown', async ({ box }) => {
    expect(await story(await box.exec('stdout "before"; stop-box; stdout "never"'))).toEqual([
      'stdout:before',
      'wait:InternalError',
    ]);
  });

  test('by stop(): the output is kept, the wait says that it was stopped', async ({ box }) => {
    const gate = newGate();
    const execution = await box.exec(`stdout "before"; hold ${gate}`);
    const told: string[] = [];
    execution.stdout.on('data', (chunk: Buffer) => {
      told.push(chunk.toString());
      void box.stop();
    });
    expect(await failure(execution.wait())).toMatchObject({ name: 'StoppedError' });
    expect(told).toEqual(['before']);
  });

  test("by remove({ force }): the engine's own words stay in the stream", async ({ box }) => {
    // H26: text is injected, so a stream must not be parsed strictly; it is passed on as it comes.
    const execution = await box.exec('stdout "before"');
    const errors = bytesOf(execution.stderr);
    await box.remove({ force: true });
    await failure(execution.wait());
    expect((await errors).toString()).toBe('Attach stream error: connection closed');
  });
});

test('close() answers pending waits with what is known', async ({ box }) => {
  const gate = newGate();
  const execution = await box.exec(`ignore-kill; stdout "x"; hold ${gate}; end 4`);
  const waited = execution.wait();
  const closed = execution.close();
  await release(box, gate);
  await closed;
  expect((await waited).exitCode).toBe(4);
});
