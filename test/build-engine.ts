import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Builds out/engine/libboxlite.so once before all tests, half a second when nothing changed.
 * Without cmake the tests that need it are skipped; if it does not build, they fail.
 */
export function setup(): void {
  // scripts/with-asan.sh brings one that is instrumented.
  if (process.env['BOXLITE_TEST_ENGINE'] === 'built') return;
  const root = join(__dirname, '..');
  if (spawnSync('cmake', ['--version']).error) return;
  const build = spawnSync(process.execPath, ['scripts/build-engine.cjs'], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0)
    console.error(`the stand-alone engine does not build:\n${build.stdout}${build.stderr}`);
}
