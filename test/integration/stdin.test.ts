import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect } from 'vitest';
import { bytesOf, firstLine, sh, sha256, test } from './support.js';

/** 10 MB in which every place is different. */
const bytes = Buffer.alloc(10_000_000);
for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.writeUInt32LE((i * 2654435761) >>> 0, i);
const checksum = sha256(bytes);

describe('10 MB through cat come back as they were', () => {
  test('written with backpressure', async ({ box }) => {
    const execution = await box.exec('cat');
    const [echo] = await Promise.all([
      bytesOf(execution.stdout),
      pipeline(Readable.from(pieces(bytes, 65_536)), execution.stdin),
    ]);
    expect(sha256(echo)).toBe(checksum);
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('given as bytes', async ({ box }) => {
    const { stdout } = await box.run('cat', [], { stdin: bytes, encoding: 'buffer' });
    expect(sha256(stdout)).toBe(checksum);
  });

  test('given as an iterable', async ({ box }) => {
    const { stdout } = await box.run('cat', [], {
      stdin: Readable.from(pieces(bytes, 100_000)),
      encoding: 'buffer',
    });
    expect(sha256(stdout)).toBe(checksum);
  });

  test('given as a file', async ({ box }) => {
    const folder = mkdtempSync(join(tmpdir(), 'boxlite-stdin-'));
    try {
      writeFileSync(join(folder, 'data'), bytes);
      const { stdout } = await box.run('cat', [], {
        stdin: createReadStream(join(folder, 'data')),
        encoding: 'buffer',
      });
      expect(sha256(stdout)).toBe(checksum);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('100 MB in small and large writes, some of which are taken at once, keep their order', async ({
  box,
}) => {
  const total = 100_000_000;
  const execution = await box.exec('sha256sum');
  const expected = createHash('sha256');
  let size = 1;
  for (let at = 0; at < total; at += size) {
    size = Math.min(((size * 7) % 300_007) + 1, total - at);
    const from = at % (bytes.length - 300_008);
    const chunk = bytes.subarray(from, from + size);
    expected.update(chunk);
    // In bursts that heed no backpressure as well: what queued up is written in one go.
    if (!execution.stdin.write(chunk) && size % 5 === 0) await once(execution.stdin, 'drain');
  }
  execution.stdin.end();
  expect(await firstLine(execution)).toBe(`${expected.digest('hex')}  -`);
  expect((await execution.wait()).exitCode).toBe(0);
  expect((await box.metrics()).bytesSentTotal).toBe(total);
});

test('a write that the pipe took at once is answered before the loop turns', async ({ box }) => {
  const execution = await box.exec('cat');
  let answered = false;
  execution.stdin.write('hello', () => (answered = true));
  await new Promise(process.nextTick);
  expect(answered).toBe(true);
  execution.stdin.end();
  expect((await bytesOf(execution.stdout)).toString()).toBe('hello');
});

test('a reader that falls asleep holds the writer up, and gets the rest when it wakes', async ({ box }) => {
  const execution = await sh(box, 'read -r go; sleep 0.5; sha256sum');
  let answered = 0;
  const writing = (async () => {
    execution.stdin.write('go\n');
    for (const piece of pieces(bytes, 65_536)) {
      await new Promise((resolve) => execution.stdin.write(piece, resolve));
      answered += piece.length;
    }
    execution.stdin.end();
  })();
  await new Promise((resolve) => setTimeout(resolve, 250));
  // What a pipe holds at most; a shell takes a line byte by byte.
  expect(answered).toBeLessThanOrEqual(1024 * 1024);
  await writing;
  expect(await firstLine(execution)).toBe(`${checksum}  -`);
  await execution.wait();
});

test('what a reader does not take is not piled up', async ({ box }) => {
  const execution = await sh(box, 'exec sleep 60');
  const before = process.memoryUsage().rss;
  const source = Readable.from(pieces(Buffer.alloc(200_000_000), 65_536));
  source.pipe(execution.stdin).on('error', () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 500));
  // Of the 200 MB itself, which no one has written to, nothing is resident.
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  await execution.close();
});

test('a source without pauses leaves the event loop to others', async ({ box }) => {
  const execution = await box.exec('cat', [], { stdin: incessant() });
  execution.stdout.resume();
  const started = performance.now();
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(performance.now() - started).toBeLessThan(10_000);
  await execution.close();
});

test('a string is UTF-8', async ({ box }) => {
  expect((await box.run('cat', [], { stdin: 'grün €😀' })).stdout).toBe('grün €😀');
});

test('a conversation is possible', async ({ box }) => {
  const execution = await sh(box, 'while read -r word; do echo "<$word>"; done');
  const lines = execution.lines();
  for (const word of ['one', 'two', 'three']) {
    execution.stdin.write(`${word}\n`);
    expect((await lines.next()).value).toBe(`<${word}>`);
  }
  execution.stdin.end();
  expect((await lines.next()).done).toBe(true);
  expect((await execution.wait()).exitCode).toBe(0);
});

test("'ignore' is the end at once, and the stream is destroyed", async ({ box }) => {
  const execution = await box.exec('cat', [], { stdin: 'ignore' });
  expect(execution.stdin.destroyed).toBe(true);
  expect(await execution.wait()).toMatchObject({ exitCode: 0 });
});

describe('a process that does not read', () => {
  test.for([
    ['bytes', () => bytes],
    ['an iterable', () => Readable.from(pieces(bytes, 100_000))],
    ['an endless iterable', () => endless()],
  ] as const)('is no failure, given %s', async ([, source], { box }) => {
    expect(await box.run('true', [], { stdin: source() })).toMatchObject({ exitCode: 0 });
  });

  test('is an error on the stream that is written to', async ({ box }) => {
    const execution = await sh(box, 'exec 0<&-; echo closed; sleep 60');
    expect(await firstLine(execution)).toBe('closed');
    const failed = once(execution.stdin, 'error');
    for (let i = 0; i < 64 && !execution.stdin.destroyed; i++) {
      await new Promise((resolve) => execution.stdin.write(bytes.subarray(0, 65_536), resolve));
    }
    expect((await failed)[0]).toMatchObject({ name: expect.stringMatching(/Error$/) as string, errno: 1 });
    await execution.close();
  });

  test('is an error of the same class, whether a write is tried at once or waits', async ({ box }) => {
    const execution = await sh(box, 'read -r go; exec 0<&-; echo closed; sleep 60');
    const failed = once(execution.stdin, 'error');
    execution.stdin.write('go\n');
    execution.stdin.write(bytes);
    const [error] = (await failed) as [Error];
    expect(error).toMatchObject({ name: 'InternalError', errno: 1 });
    expect(error.message).toContain('does not read its standard input any more');
    await execution.close();
  });
});

describe('a program that ends early', () => {
  test('gives the writer an error, not a signal', async ({ box }) => {
    const execution = await box.exec('head', ['-c', '3']);
    const failed = once(execution.stdin, 'error');
    execution.stdout.resume();
    void pipeline(Readable.from(pieces(bytes, 65_536)), execution.stdin).catch(() => undefined);
    const [error] = (await failed) as [Error];
    expect(error).toMatchObject({ name: expect.stringMatching(/^(Internal|InvalidState)Error$/) as string });
    expect((await execution.wait()).exitCode).toBe(0);
  });
});

/** Its items come without a turn of the loop between them. */
async function* incessant(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.alloc(1000, 'i');
}

function* pieces(whole: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    yield 'more';
  }
}
