import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../../lib/line-splitter.js';

function linesOf(...chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter();
  for (const chunk of chunks) lines.push(...splitter.push(chunk));
  return [...lines, ...splitter.end()];
}

/** Every way to cut the bytes once, and byte by byte. */
function everyCut(bytes: Buffer): Buffer[][] {
  const once = Array.from({ length: bytes.length + 1 }, (_, at) => [
    bytes.subarray(0, at),
    bytes.subarray(at),
  ]);
  return [...once, Array.from(bytes, (byte) => Buffer.from([byte]))];
}

describe('LineSplitter', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['\n', ['']],
    ['\n\n', ['', '']],
    ['a\r\nb\nc', ['a', 'b', 'c']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['tail\r', ['tail\r']],
    ['grün\n€uro\r\n😀\n漢字', ['grün', '€uro', '😀', '漢字']],
  ])('splits %j wherever the chunks are cut', (text, expected) => {
    for (const chunks of everyCut(Buffer.from(text))) expect(linesOf(...chunks)).toEqual(expected);
  });

  test('puts a long line together from many chunks', () => {
    const chunks = Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'x'));
    expect(linesOf(...chunks, Buffer.from('\nend'))).toEqual(['x'.repeat(1_000_000), 'end']);
  });

  test('marks bytes that are no UTF-8 instead of losing them', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0x0a, 0xe2, 0x82]))).toEqual(['a\ufffd', '\ufffd']);
  });
});
