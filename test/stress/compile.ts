import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Compiles a C program of `programs/` and returns its path. */
export function compile(name: string): string {
  const folder = resolve(__dirname, '../../out/stress');
  const binary = join(folder, name);
  const partial = `${binary}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  execFileSync('cc', ['-O2', join(__dirname, 'programs', `${name}.c`), '-o', partial], { stdio: 'inherit' });
  renameSync(partial, binary);
  return binary;
}
