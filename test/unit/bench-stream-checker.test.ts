import { describe, expect, it } from 'vitest';
import { StreamChecker } from '../../lib/bench/stream-checker.js';
import { lineBytes, linesFor, WrittenStream } from '../../lib/bench/written-stream.js';

const count = 100;

function linesOf(execution = 7): string[] {
  const written = new WrittenStream('stdout', execution);
  return Array.from({ length: count }, (_, i) => `${written.line(i + 1)}\n`);
}

function judge(text: string, cut = text.length) {
  const checker = new StreamChecker('stdout', 7, count);
  for (let at = 0; at < text.length; at += cut) checker.push(Buffer.from(text.slice(at, at + cut)));
  return checker.finding();
}

const clean = {
  lines: count,
  lostLines: 0,
  lostBytes: 0,
  reorderedLines: 0,
  repeatedLines: 0,
  damagedLines: 0,
};

describe('the written stream', () => {
  it('has lines of 64 bytes, whatever their numbers', () => {
    const written = new WrittenStream('stderr', 123_456);
    for (const n of [1, 99, 12_345]) expect(written.line(n)).toHaveLength(lineBytes - 1);
    expect(linesFor(1)).toBe(1);
    expect(linesFor(64)).toBe(1);
    expect(linesFor(65_536)).toBe(1024);
  });

  it('gives the same line whichever was asked before', () => {
    const written = new WrittenStream('stdout', 1);
    const tenth = written.line(10);
    written.line(50);
    expect(written.line(10)).toBe(tenth);
    expect(new WrittenStream('stderr', 1).line(10)).not.toBe(tenth);
    expect(new WrittenStream('stdout', 2).line(10)).not.toBe(tenth);
  });
});

describe('the checker', () => {
  it.each([1, 63, 64, 1000, 1e6])('finds a whole stream in chunks of %i clean', (cut) => {
    expect(judge(linesOf().join(''), cut)).toEqual(clean);
  });

  it('counts a missing end, to the byte', () => {
    const text = linesOf().join('');
    expect(judge(text.slice(0, -100))).toEqual({ ...clean, lines: 98, lostLines: 2, lostBytes: 100 });
    expect(judge('')).toEqual({ ...clean, lines: 0, lostLines: count, lostBytes: count * lineBytes });
  });

  it('counts a gap, and the line that it damaged', () => {
    const text = linesOf().join('');
    const gap = judge(text.slice(0, 640) + text.slice(1280));
    expect(gap).toEqual({ ...clean, lines: 90, lostLines: 10, lostBytes: 640 });
    const inLine = judge(text.slice(0, 660) + text.slice(1300));
    expect(inLine).toMatchObject({ lines: 89, lostLines: 11, damagedLines: 1 });
  });

  it('tells a line that came late from one that came twice', () => {
    const lines = linesOf();
    const [second] = lines.splice(1, 1) as [string];
    expect(judge([...lines, second].join(''))).toEqual({ ...clean, reorderedLines: 1 });
    expect(judge([...linesOf(), second].join(''))).toEqual({ ...clean, repeatedLines: 1 });
  });

  it('does not take the lines of another execution', () => {
    expect(judge(linesOf(8).join(''))).toMatchObject({ lines: 0, damagedLines: count });
  });

  it('notices one changed byte and rubbish at the end', () => {
    const text = linesOf().join('');
    expect(judge(text.replace('z0123', 'z0124'))).toMatchObject({ lostLines: 1, damagedLines: 1 });
    expect(judge(`${text}rubbish`)).toEqual({ ...clean, damagedLines: 1 });
  });
});
