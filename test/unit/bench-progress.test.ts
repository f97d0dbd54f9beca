import { describe, expect, it } from 'vitest';
import { bar, Progress } from '../../lib/bench/progress.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 40, written, write: (text: string) => written.push(text) };
}

describe('the progress bar', () => {
  it('is silent where there is no terminal', () => {
    const output = terminal(false);
    const progress = new Progress(output);
    progress.show('work', 1, 2);
    progress.clear();
    expect(output.written).toEqual([]);
  });

  it('redraws not more often than every 100 ms, and at the end', () => {
    const output = terminal(true);
    let now = 0;
    const progress = new Progress(output, () => now);
    progress.show('work', 1, 10);
    now = 50;
    progress.show('work', 2, 10);
    now = 120;
    progress.show('work', 3, 10);
    progress.show('work', 10, 10);
    expect(output.written.map((line) => /(\d+)\/10/.exec(line)?.[1])).toEqual(['1', '3', '10']);
    expect(output.written.every((line) => line.replace('\r\x1b[2K', '').length < 40)).toBe(true);
  });

  it('draws a share', () => {
    expect(bar(0, 4)).toBe('░░░░');
    expect(bar(0.5, 4)).toBe('██░░');
    expect(bar(7, 4)).toBe('████');
  });
});
