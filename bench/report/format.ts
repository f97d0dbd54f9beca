/** A figure with three digits that count. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : value.toPrecision(3);
}

/** A ratio as people read it. */
export function times(ratio: number | null): string {
  return ratio === null ? '–' : `${digits(ratio)}×`;
}
