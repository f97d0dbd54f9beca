import { setImmediate } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { calls, newGate, openFault, release, scripted, test } from './fault.js';

describe('box_exec holds its caller while a box boots (H15)', () => {
  test('the event loop and other commands go on', async ({ runtime, box }) => {
    const gate = newGate();
    const slow = await scripted(runtime, `exec holds ${gate}`);
    let answered = 0;
    const held = Array.from({ length: 8 }, () => slow.run('end 0').then(() => answered++));
    for (let i = 0; i < 5; i++) {
      await setImmediate();
      expect((await box.run('stdout "quick"; end 0')).stdout).toBe('quick');
    }
    expect(answered).toBe(0);
    await release(box, gate);
    await Promise.all(held);
    expect(answered).toBe(8);
  });

  test('a box that never ran is started by a call that does not block', async ({ runtime, box }) => {
    await (await runtime.create({ name: 'cold' })).run('end 0');
    const made = await calls(box);
    expect(made).toContain('start_box cold');
    expect(made.slice(made.indexOf('start_box cold'))).toContain('box_exec running');
    expect(made).not.toContain('box_exec configured');
  });
});

describe('execution_free holds its caller until the process is dead (H9, H10)', () => {
  test('the event loop and other commands go on', async ({ box }) => {
    const gate = newGate();
    const stuck = await Promise.all(
      Array.from({ length: 8 }, () => box.exec(`ignore-kill; free holds ${gate}; hold ${gate}; end 0`)),
    );
    let closed = 0;
    const closing = stuck.map((execution) => execution.close().then(() => closed++));
    for (let i = 0; i < 5; i++) {
      await setImmediate();
      expect((await box.run('stdout "quick"; end 0')).stdout).toBe('quick');
    }
    expect(closed).toBe(0);
    await release(box, gate);
    await Promise.all(closing);
  });

  test('it is never called on the drain thread', async ({ box }) => {
    for (let i = 0; i < 5; i++) {
      // Nobody reads this one, and its starter has long had its turn: then the exit callback lets go of the handle.
      const gate = newGate();
      const unread = await box.exec(`hold ${gate}; stdout "x"; end 0`);
      await box.run('stdout "x"; end 0');
      await release(box, gate);
      await unread.wait();
    }
    const made = await calls(box);
    expect(made).toContain('execution_free');
    expect(made).not.toContain('execution_free on the drain thread');
  });

  test('close() of one that is never given back ends within its bound', async ({ box }) => {
    const gate = newGate();
    const execution = await box.exec(`ignore-kill; free holds ${gate}; stdout "x"; hold ${gate}`);
    const waited = execution.wait().catch((error: Error) => error.name);
    await execution.close();
    expect(await waited).toBe('InvalidStateError');
    await release(box, gate);
  });
});

test('runtime_free and box_free that hold their caller do not hold the event loop', async ({ box }) => {
  const gate = newGate();
  const runtime = await openFault({ homeDir: `fault: runtime-free holds ${gate}` });
  const other = await scripted(runtime, `box-free holds ${gate}`);
  await other.run('end 0');
  let closed = false;
  const closing = runtime.close({ timeoutMs: 1000 }).then(() => (closed = true));
  for (let i = 0; i < 5; i++) {
    await setImmediate();
    expect((await box.run('stdout "quick"; end 0')).stdout).toBe('quick');
  }
  expect(closed).toBe(false);
  await release(box, gate);
  await closing;
});
