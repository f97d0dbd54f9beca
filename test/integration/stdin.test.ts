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
});

function* pieces(whole: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    yield 'more';
  }
}
