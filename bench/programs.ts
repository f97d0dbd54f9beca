// The small C programs that are run and that show the limit, compiled when they are first asked for.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** From bench/dist/. */
export const root = resolve(import.meta.dirname, '..', '..');

export type ProgramName = 'true' | 'flood' | 'lines' | 'sink' | 'sleeper' | 'limit';

/** The path of a statically linked program of `bench/programs/`. */
export function program(name: ProgramName): string {
  const source = join(root, 'bench/programs', `${name}.c`);
  const binary = join(root, 'out/bench', name);
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return binary;
  mkdirSync(join(root, 'out/bench'), { recursive: true });
  const bare = name === 'true' ? ['-nostdlib'] : [];
  execFileSync('cc', ['-O2', '-static', ...bare, source, '-o', binary], { stdio: 'inherit' });
  return binary;
}
