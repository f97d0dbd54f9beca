const units = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `300s`, `5m`, `24h` or bare seconds; undefined if it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smh]?)$/.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
