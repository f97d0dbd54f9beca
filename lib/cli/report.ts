import { isBoxliteError } from '../errors.js';

/** Prints a result for machines. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints rows in columns, each as wide as its widest cell. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}

/** Prints a failure in one line; gives the exit code for it. */
export function reportFailure(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const code = isBoxliteError(error) ? ` (${error.code})` : '';
  process.stderr.write(`boxlite-ffi: ${message}${code}\n`);
  return 1;
}
