import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResourceExhaustedError } from '../../lib/index.js';
import { LineSplitter } from '../../lib/line-splitter.js';

function linesOf(...chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter();
  const takeAll = () => {
    for (let line = splitter.take(); line !== undefined; line = splitter.take()) lines.push(line);
  };
  for (const chunk of chunks) {
    splitter.push(chunk);
    while (splitter.decode()) takeAll();
  }
  if (splitter.end()) takeAll();
  return lines;
}

/** Lines as a decoder and a split of everything at once give them. */
function expectedOf(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n');
  const last = lines.pop() as string;
  return [...lines.map((line) => line.replace(/\r$/, '')), ...(last === '' ? [] : [last])];
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

  test('refuses a line that no string can hold, by its kind', () => {
    const splitter = new LineSplitter(50_000);
    splitter.push(Buffer.from(`${'x'.repeat(40_000)}\n`));
    let line: string | undefined;
    while (splitter.decode()) line ??= splitter.take();
    expect(line).toBe('x'.repeat(40_000));
    splitter.push(Buffer.alloc(70_000, 'x'));
    expect(() => {
      while (splitter.decode()) continue;
      splitter.end();
    }).toThrow(ResourceExhaustedError);
  });

  test('puts a long line together from many chunks', () => {
    const chunks = Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'x'));
    expect(linesOf(...chunks, Buffer.from('\nend'))).toEqual(['x'.repeat(1_000_000), 'end']);
  });

  test('marks bytes that are no UTF-8 instead of losing them', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0x0a, 0xe2, 0x82]))).toEqual(['a\ufffd', '\ufffd']);
  });

  // Longer than the pieces that become text at once, so that every cut between pieces happens somewhere.
  test.each([
    ['a newline', 'l'.repeat(30) + '\n'],
    ['a return', 'l'.repeat(30) + '\r\n'],
    ['a character of two bytes', 'ü'.repeat(15) + '\n'],
    ['a character of four bytes', '😀'.repeat(7) + 'l\r\n'],
    ['an empty line', '\n\n\r\n'],
    ['a lone return', 'a\rb\r\r\n'],
  ])('cuts a large chunk into pieces at %s without a trace', (_name, line) => {
    for (const offset of ['', 'x', 'xy', 'xyz']) {
      const bytes = Buffer.from(offset + line.repeat(5000) + 'tail\r');
      expect(linesOf(bytes)).toEqual(expectedOf(bytes));
    }
  });

  test('puts a line together that is longer than any piece, from one chunk and from many', () => {
    const line = 'ä'.repeat(200_000);
    const bytes = Buffer.from(`${line}\r\nshort\n${line}`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 70_001) }, (_, i) =>
      bytes.subarray(i * 70_001, (i + 1) * 70_001),
    );
    expect(linesOf(bytes)).toEqual([line, 'short', line]);
    expect(linesOf(...chunks)).toEqual([line, 'short', line]);
  });

  test('keeps a byte order mark, as a stream with setEncoding does', () => {
    expect(linesOf(Buffer.from('\ufeffa\n\ufeffb'))).toEqual(['\ufeffa', '\ufeffb']);
  });

  test('gives half a character at the end of a long last line as a replacement', () => {
    const bytes = Buffer.concat([Buffer.alloc(50_000, 'x'), Buffer.from([0xf0, 0x9f])]);
    expect(linesOf(bytes)).toEqual(['x'.repeat(50_000) + '\ufffd']);
  });

  test('gives nothing more once it was dropped', () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from('a\nb\nc'));
    splitter.decode();
    expect(splitter.take()).toBe('a');
    splitter.drop();
    expect(splitter.take()).toBeUndefined();
    expect(splitter.decode()).toBe(false);
    expect(splitter.end()).toBe(false);
  });

  test('any text, cut anywhere, is what splitting it at once gives', () => {
    const part = fc.oneof(fc.constantFrom('\n', '\r', '\r\n', '€', '😀', 'ü'), fc.string());
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat()), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(linesOf(...chunks)).toEqual(expectedOf(bytes));
      }),
    );
  });
});
