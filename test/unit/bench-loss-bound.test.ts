import { describe, expect, it } from 'vitest';
import { upperBound } from '../../lib/bench/loss-bound.js';

describe('the upper bound of the loss rate', () => {
  it('is 1 − 0.05^(1/n) without a loss, close to the rule of three', () => {
    for (const n of [1, 10, 1000, 1_000_000]) {
      expect(upperBound(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 12);
    }
    expect(upperBound(0, 10_000) * 10_000).toBeCloseTo(3, 2);
  });

  // qbeta(0.95, k + 1, n − k)
  it.each([
    [1, 10, 0.394163],
    [5, 100, 0.102253],
    [3, 20, 0.343664],
    [2, 2000, 0.003144],
  ])('of %i losses in %i is the exact one of Clopper and Pearson', (losses, executions, bound) => {
    expect(upperBound(losses, executions)).toBeCloseTo(bound, 4);
  });

  it('knows nothing without executions, and nothing better than 1 when all were lost', () => {
    expect(upperBound(0, 0)).toBe(1);
    expect(upperBound(7, 7)).toBe(1);
  });

  it('falls with more executions and rises with more losses', () => {
    expect(upperBound(0, 2000)).toBeLessThan(upperBound(0, 1000));
    expect(upperBound(500, 1_000)).toBeGreaterThan(upperBound(499, 1_000));
    expect(upperBound(500, 1_000)).toBeGreaterThan(0.5);
  });
});
