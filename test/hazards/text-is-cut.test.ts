import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Execution } from '../../lib/index.js';
import { bytesOf, test } from './fault.js';

// H5: an engine may have replaced bytes already; a character that it cut must not be replaced a second time.

/** A character byte by byte, each only when the one before was read: stderr is told after it. */
const euro =
  'stdout "\\xe2"; stderr "now"; hold stdin; stdout "\\x82"; stderr "now"; hold stdin; stdout "\\xac"';

/** Lets the next byte come. To be called once stdout has its reader. */
function goOn(execution: Execution): void {
  execution.stderr.on('data', () => execution.stdin.write('go'));
}

test('a character that three chunks share is one in run()', async ({ box }) => {
  const stdin = new PassThrough();
  const chunks: number[] = [];
  const { stdout } = await box.run(`${euro}; end 0`, [], {
    stdin,
    onStderr: () => stdin.write('go'),
    onStdout: (chunk) => chunks.push(chunk.length),
  });
  expect(stdout).toBe('€');
  expect(chunks).toEqual([1, 1, 1]);
});

test('a character that three chunks share is one in lines()', async ({ box }) => {
  const execution = await box.exec(`${euro}; end 0`);
  const lines = execution.lines();
  const first = lines.next();
  goOn(execution);
  expect(await first).toEqual({ value: '€', done: false });
  expect(await lines.next()).toMatchObject({ done: true });
});

test('a character that three chunks share is one with setEncoding', async ({ box }) => {
  const execution = await box.exec(`${euro}; end 0`);
  execution.stdout.setEncoding('utf8');
  const chunks = execution.stdout[Symbol.asyncIterator]();
  const first = chunks.next();
  goOn(execution);
  expect(await first).toEqual({ value: '€', done: false });
});

test('bytes are passed on as the engine gives them', async ({ box }) => {
  const execution = await box.exec('stdout "\\xff\\x00\\xef\\xbf\\xbd"; stdout ""; end 0');
  expect(await bytesOf(execution.stdout)).toEqual(Buffer.from([0xff, 0, 0xef, 0xbf, 0xbd]));
});

test('half a character at the end comes before exit', async ({ box }) => {
  const execution = await box.exec('stdout "a\\xe2"; end 0');
  const told: string[] = [];
  execution.on('exit', () => told.push('exit'));
  for await (const line of execution.lines()) {
    // As long as the body runs, the line is not handled.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    told.push(line);
  }
  await execution.wait();
  expect(told).toEqual(['a\ufffd', 'exit']);
});
