import { describe, expect, test } from 'vitest';
import { InputStream } from '../../lib/input-stream.js';
import { InputWriter } from '../../lib/input-writer.js';
import { FakeExecution } from './fake-execution.js';

/** A process whose pipe takes a number of bytes at once; what is written with a promise is queued behind them. */
class Pipe extends FakeExecution {
  readonly tried: Buffer[] = [];
  constructor(public room: number) {
    super();
  }

  override readonly tryWrite = (data: Uint8Array): number => {
    const taken = Math.min(this.room, data.length);
    this.room -= taken;
    this.tried.push(Buffer.from(data));
    if (taken > 0) this.written.push(Buffer.from(data.subarray(0, taken)));
    return taken;
  };

  get all(): string {
    return Buffer.concat(this.written).toString();
  }
}

const buffers = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

test('what is taken at once needs no promise', () => {
  const pipe = new Pipe(100);
  expect(new InputWriter(pipe).write(Buffer.from('hello'))).toBeUndefined();
  expect(pipe.all).toBe('hello');
});

test.for([0, 1, 4, 5, 9, 20, 29, 30])('with room for %i bytes the rest follows in order', async (room) => {
  const pipe = new Pipe(room);
  await new InputWriter(pipe).writeAll(buffers('abcde', 'fghijklmno', 'pqrstuvwxyz0123'));
  expect(pipe.all).toBe('abcdefghijklmnopqrstuvwxyz0123');
});

test('small chunks are joined, large ones are tried as they are', () => {
  const pipe = new Pipe(1e9);
  const large = Buffer.alloc(100_000, 'L');
  const small = Array.from({ length: 10_000 }, () => Buffer.from('small'));
  expect(new InputWriter(pipe).writeAll([large, ...small, large])).toBeUndefined();
  expect(pipe.tried.length).toBeLessThan(8);
  expect(pipe.tried[0]?.length).toBe(100_000);
  expect(Buffer.concat(pipe.written).equals(Buffer.concat([large, ...small, large]))).toBe(true);
});

test('an empty write is refused or not like any other', async () => {
  const pipe = new Pipe(100);
  pipe.brokenPipe = new Error('gone');
  await expect(new InputWriter(pipe).write(Buffer.alloc(0))).rejects.toThrow('gone');
});

test.for([
  ['large', 1_000_000, 20],
  ['small', 1, 5000],
] as const)('%s writes leave the loop a turn now and then', async ([, size, times]) => {
  const pipe = new Pipe(Infinity);
  const writer = new InputWriter(pipe);
  const waits = Array.from({ length: times }, () => writer.write(Buffer.alloc(size)));
  expect(waits.filter((wait) => wait !== undefined).length).toBe(2);
  for (const wait of waits) await wait;
});

describe('the stream', () => {
  test('answers in the tick of the write, and at the end in order', async () => {
    const pipe = new Pipe(8);
    const stream = new InputStream(pipe);
    const story: string[] = [];
    stream.write('1234', () => story.push('first'));
    await new Promise(process.nextTick);
    expect(story).toEqual(['first']);
    stream.write('5678abcd', () => story.push('second'));
    stream.write('efgh', () => story.push('third'));
    await new Promise((resolve) => stream.end(resolve));
    expect(story).toEqual(['first', 'second', 'third']);
    expect(pipe.all).toBe('12345678abcdefgh');
    expect(pipe.stdinClosed).toBe(1);
  });

  test('fails with what the write was refused with', async () => {
    const pipe = new Pipe(3);
    pipe.brokenPipe = new Error('gone');
    const stream = new InputStream(pipe);
    const failed = new Promise((resolve) => stream.once('error', resolve));
    stream.write('more than three');
    expect(await failed).toBe(pipe.brokenPipe);
  });
});
