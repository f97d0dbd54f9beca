import { describe, expect } from 'vitest';
import { bytesOf, firstLine, program, sh, sha256, test } from './support.js';

test('100 MB arrive as they were written', async ({ box }) => {
  const execution = await box.exec(process.execPath, [program('blocks.cjs'), '1600', '65536']);
  let expected = 0;
  let rest = Buffer.alloc(0);
  const parts: Buffer[] = [];
  for await (const chunk of execution.stdout) {
    parts.push(chunk as Buffer);
    // Name the first block that is not where it should be, rather than only that the sum is wrong.
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (; rest.length >= 65_536; rest = rest.subarray(65_536)) {
      const number = rest.readUInt32LE(0);
      if (number !== expected) throw new Error(`block ${number} stands where ${expected} should be`);
      expected++;
    }
  }
  expect(expected).toBe(1600);
  const checksum = (await bytesOf(execution.stderr)).toString();
  expect(sha256(Buffer.concat(parts))).toBe(checksum);
});

test('every byte value survives', async ({ box }) => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const script = 'for (let i = 0; i < 256; i++) require("fs").writeSync(1, Buffer.from([i]))';
  const execution = await box.exec(process.execPath, ['-e', script]);
  expect((await bytesOf(execution.stdout)).equals(all)).toBe(true);
});

describe('a character that is cut by a pause', () => {
  // € is e2 82 ac.
  const script = "printf 'a\\342'; sleep 0.05; printf '\\202'; sleep 0.05; printf '\\254b\\n'";

  test('is whole with setEncoding', async ({ box }) => {
    const execution = await sh(box, script);
    execution.stdout.setEncoding('utf8');
    let text = '';
    for await (const piece of execution.stdout) text += piece as string;
    expect(text).toBe('a€b\n');
  });

  test('is whole in lines', async ({ box }) => {
    const execution = await sh(box, script);
    expect(await firstLine(execution)).toBe('a€b');
  });

  test('is whole in run', async ({ box }) => {
    expect((await box.run('/bin/sh', ['-c', script])).stdout).toBe('a€b\n');
  });
});
