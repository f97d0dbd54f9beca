import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs.js';

/**
 * Installs what bench/package.json names into bench/node_modules, once for each version of its lock file.
 * Returns why that failed; the peers that are missing are then left out.
 */
export function installPeers(): string | undefined {
  const folder = join(root, 'bench');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const mark = join(folder, 'node_modules', '.installed-for');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return undefined;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? 'npm ci failed';
  writeFileSync(mark, lock);
  return undefined;
}
