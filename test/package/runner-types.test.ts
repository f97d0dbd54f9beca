import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '..', '..');

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** The packages that a declaration file and all that it refers to import from. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
    if (name.startsWith('.')) {
      const next = join(dirname(file), name.replace(/js$/, 'd.ts'));
      for (const found of packagesOf(next, seen)) packages.add(found);
    } else if (!name.startsWith('node:')) packages.add(name);
  }
  return packages;
}

function isInstalled(name: string): boolean {
  try {
    readFileSync(join(root, 'node_modules', name, 'package.json'));
    return true;
  } catch {
    return false;
  }
}

it('the declarations of the runner refer only to what comes with it, types included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runner-types-'));
  try {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [
      tsc,
      '-p',
      join(root, 'runner'),
      '--emitDeclarationOnly',
      '--outDir',
      folder,
    ]);
    const packages = packagesOf(join(folder, 'index.d.ts'));
    expect(packages).toContain('fastify');
    const manifest = JSON.parse(readFileSync(join(root, 'runner', 'package.json'), 'utf8')) as Manifest;
    const known = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const name of packages) {
      expect(known).toHaveProperty([name]);
      // Types of a package of their own would have to be installed by whoever uses the runner.
      expect([name, isInstalled(`@types/${name}`)]).toEqual([name, false]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
