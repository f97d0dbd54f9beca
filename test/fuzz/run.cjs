'use strict';
// Builds every fuzzer and runs each for a while from its seeds: npm run fuzz -- [--seconds N] [--only NAME].
// What it finds is kept in out/fuzz/findings. The last line is "N passed, N failed".
const { spawnSync } = require('node:child_process');
const { mkdirSync, readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { parseArgs } = require('node:util');

const root = resolve(__dirname, '../..');
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, only: { type: 'string' } },
});

function run(command, args, options) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
}

for (const args of [
  ['--preset', 'fuzz'],
  ['--build', '--preset', 'fuzz'],
]) {
  const { error, status, stdout } = run('cmake', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (error || status !== 0) {
    console.error(stdout);
    console.error(
      `the fuzzers do not build: cmake ${args.join(' ')} ${error?.message ?? `status ${status}`}`,
    );
    process.exit(1);
  }
}

let passed = 0;
let failed = 0;
const names = readdirSync(__dirname)
  .filter((file) => file.endsWith('_fuzz.cc'))
  .map((file) => file.slice(0, -'_fuzz.cc'.length))
  .filter((name) => values.only === undefined || name === values.only);

for (const name of names) {
  const found = join(root, 'out/fuzz/corpus', name);
  const findings = join(root, 'out/fuzz/findings', name);
  for (const folder of [found, findings]) mkdirSync(folder, { recursive: true });
  const { status, stderr } = run(join(root, 'out/fuzz', `${name}_fuzz`), [
    `-max_total_time=${values.seconds}`,
    `-artifact_prefix=${findings}/`,
    '-max_len=512',
    '-timeout=10',
    found,
    join(__dirname, 'corpus', name),
  ]);
  const done = /Done (\d+) runs in (\d+) second/.exec(stderr);
  const coverage = [...stderr.matchAll(/cov: (\d+)/g)].at(-1)?.[1] ?? '?';
  const good = status === 0 && done !== null;
  if (good) passed++;
  else failed++;
  console.log(
    `${good ? 'ok    ' : 'FAILED'} ${name}: ${done?.[1] ?? '?'} runs in ${done?.[2] ?? '?'} s, ${coverage} edges`,
  );
  if (!good) console.log(stderr.split('\n').slice(-40).join('\n'));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
