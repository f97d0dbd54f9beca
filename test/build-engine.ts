import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Builds out/engine/libboxlite.so and the fault engine once before all tests, a second when nothing changed.
 * Without cmake the tests that need them are skipped; if they do not build, these fail.
 */
export function setup(): void {
  // scripts/with-asan.sh brings one that is instrumented.
  if (process.env['BOXLITE_TEST_ENGINE'] === 'built') return;
  if (spawnSync('cmake', ['--version']).error) return;
  build('the stand-alone engine', 'scripts/build-engine.cjs');
  build('the fault engine', 'scripts/build-fault-engine.cjs');
}

function build(what: string, script: string): void {
  const root = join(__dirname, '..');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
  if (status !== 0) console.error(`${what} does not build:\n${stdout}${stderr}`);
}
