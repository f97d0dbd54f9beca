// What the library itself costs for a call, a line or an error, without a process: by tinybench, through vitest.
import { bench, describe } from 'vitest';
import { CallSite } from '../../lib/call-site.js';
import { errorOf } from '../../lib/errors.js';
import { LineSplitter } from '../../lib/line-splitter.js';
import { readCommand, readRun } from '../../lib/read-exec-options.js';

const lines = 8192;
const chunk = Buffer.from('0123456789abcdef0123456789abcde\n'.repeat(lines));

function expectLines(count: number): void {
  if (count !== lines) throw new Error(`${count} of ${lines} lines`);
}

describe('256 KiB into 8,192 lines', () => {
  bench('LineSplitter', () => {
    const splitter = new LineSplitter();
    let count = 0;
    splitter.push(chunk);
    while (splitter.decode()) while (splitter.take() !== undefined) count++;
    expectLines(count);
  });

  bench('toString().split()', () => expectLines(chunk.toString().split('\n').length - 1));
});

describe('reading the arguments of a call', () => {
  bench('run() without options', () => void readRun('true', [], undefined));
  bench(
    'run() with options',
    () => void readRun('true', ['a'], { env: { A: 'b' }, timeoutMs: 1000, check: true }),
  );
  bench('exec() with a terminal', () => void readCommand('sh', [], { tty: { cols: 80, rows: 24 } }));
});

describe('an error', () => {
  const place = (): CallSite => new CallSite('box.exec', place);
  bench('where a call came from', () => void place());
  bench('typed, from a code', () => void errorOf(2, 'no such box', { operation: 'box.exec' }));
  bench('plain', () => void new Error('no such box'));
});
