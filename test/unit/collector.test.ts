import { describe, expect, test } from 'vitest';
import { Collector } from '../../lib/collector.js';
import { FakeExecution } from './fake-execution.js';

function collect(chunks: (string | Buffer)[], maxBytes = Infinity): { collector: Collector; seen: Buffer[] } {
  const fake = new FakeExecution();
  const seen: Buffer[] = [];
  const collector = new Collector(fake, 1, {
    maxBytes,
    onChunk: (chunk) => seen.push(chunk),
    fail: (error) => {
      throw error as Error;
    },
  });
  for (const chunk of chunks) fake.write1(chunk);
  fake.end(0);
  collector.start();
  return { collector, seen };
}

describe('Collector', () => {
  test('keeps everything, whatever the size of the chunks', () => {
    const chunks = [1, 5000, 1, 1, 70_000, 3, 4095, 4096, 2].map((size, i) => Buffer.alloc(size, i + 1));
    const { collector } = collect(chunks);
    expect(collector.bytes().equals(Buffer.concat(chunks))).toBe(true);
    expect(collector.truncated).toBe(false);
  });

  test('keeps single bytes in their order', () => {
    const bytes = Array.from({ length: 200_000 }, (_, i) => Buffer.from([i % 251]));
    expect(collect(bytes).collector.bytes().equals(Buffer.concat(bytes))).toBe(true);
  });

  test.each([0, 1, 5, 6, 7, 9_999, 10_000])('keeps the first %i of 10 000 bytes', (maxBytes) => {
    const all = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 256));
    const { collector, seen } = collect([all.subarray(0, 6), all.subarray(6)], maxBytes);
    expect(collector.bytes().equals(all.subarray(0, maxBytes))).toBe(true);
    expect(collector.truncated).toBe(maxBytes < 10_000);
    expect(Buffer.concat(seen).length).toBe(10_000);
  });

  test('the tail is the end of what came, not of what was kept', () => {
    expect(
      collect(['head', 'x'.repeat(10_000), 'the end'], 4)
        .collector.tail()
        .endsWith('xthe end'),
    ).toBe(true);
    expect(collect(['head', 'end'], 5).collector.tail()).toBe('headend');
    expect(collect(['all'], 100).collector.tail()).toBe('all');
    expect(collect([]).collector.tail()).toBe('');
  });

  test('the tail begins with a whole character', () => {
    expect(collect(['€'.repeat(3000)]).collector.tail()).toBe('€'.repeat(1365));
  });
});
