/** The value below which that share of the sorted values lies, between two of them where needed. NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What the rounds of one rival gave. */
export interface Summary {
  median: number;
  min: number;
  max: number;
  values: number[];
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values: [...values] };
}

/** Whether two series lie apart: no value of one within the range of the other. A single value has no range. */
export function apart(a: Summary, b: Summary): boolean {
  if (a.values.length < 2 || b.values.length < 2) return false;
  return a.max < b.min || b.max < a.min;
}
