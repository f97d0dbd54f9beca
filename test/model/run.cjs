'use strict';
// Verifies exit-pump.pml over its whole state space, then shows that each broken variant is caught.
// The last line is "N passed, N failed".
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const model = join(__dirname, 'exit-pump.pml');
const timeoutMs = 20 * 60_000;

const wild = ['CHUNKS=1', 'WAITS=2'];
const wildClosed = ['CHUNKS=1', 'WAITS=1', 'CLOSES=1'];
const orderly = ['ORDERLY', 'CHUNKS=2', 'WAITS=2'];

/** All of it at once has more states than a machine has memory; each pair of concerns is together in one of these. */
const configurations = [
  ['any engine, two waits', wild],
  ['any engine, a wait and a close', wildClosed],
  ['any engine, a wait, the box is stopped', ['CHUNKS=1', 'WAITS=1', 'BOX_STOPS']],
  ['an orderly engine that can pause, two waits', orderly],
  ['an orderly engine, a wait and a close', ['ORDERLY', 'CHUNKS=1', 'WAITS=1', 'CLOSES=1']],
];

const mutants = [
  ['the drain barrier is removed', 'MUTANT_NO_BARRIER', wild],
  ['nothing claims Exit', 'MUTANT_NO_CLAIM', wild],
  ['an undelivered Exit is not taken back from a new reader', 'MUTANT_EXIT_NOT_TAKEN_BACK', wild],
  ['there is no grace', 'MUTANT_NO_GRACE', wild],
  ['the grace is armed only once', 'MUTANT_TIMER_ONCE', wild],
  ['a close changes the result after Exit', 'MUTANT_RESULT_CHANGES', wildClosed],
  ["the wait's answer ends the streams", 'MUTANT_WAIT_ENDS_STREAMS', orderly],
  ['a wake-up is lost', 'MUTANT_LOST_WAKE_UP', orderly],
];

function run(folder, command, ...args) {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  if (error || (status !== 0 && command !== './pan')) {
    throw new Error(`${command}: ${error?.message ?? `${stdout}${stderr}`}`);
  }
  return stdout;
}

/** What the verifier says of the model with these definitions. */
function verify(definitions, optimize) {
  const folder = mkdtempSync(join(tmpdir(), 'boxlite-model-'));
  try {
    run(folder, 'spin', '-a', ...definitions.map((name) => `-D${name}`), model);
    run(
      folder,
      'gcc',
      optimize,
      '-DSAFETY',
      '-DNOFAIR',
      '-DNOBOUNDCHECK',
      '-DMEMLIM=8000',
      '-o',
      'pan',
      'pan.c',
    );
    const out = run(folder, './pan', '-m100000', '-w24');
    const truncated = /max search depth too small|search was not completed|out of memory/i.test(out);
    return {
      errors: Number(/errors: (\d+)/.exec(out)?.[1] ?? NaN),
      states: Number(/(\d+) states, stored/.exec(out)?.[1] ?? NaN),
      why: /pan:1: (.*)/.exec(out)?.[1] ?? '',
      complete: !truncated && /errors: 0/.test(out),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let passed = 0;
let failed = 0;

function check(name, judge) {
  const start = Date.now();
  let verdict;
  try {
    verdict = judge();
  } catch (error) {
    verdict = { good: false, note: error.message };
  }
  if (verdict.good) passed++;
  else failed++;
  const seconds = ((Date.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${verdict.good ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}: ${verdict.note}`);
}

for (const [name, definitions] of configurations) {
  check(name, () => {
    const { errors, states, why, complete } = verify(definitions, '-O2');
    return { good: complete, note: `${states} states, ${errors} errors ${why}`.trim() };
  });
}
for (const [name, mutant, definitions] of mutants) {
  check(name, () => {
    const { errors, why } = verify([mutant, ...definitions], '-O1');
    return { good: errors > 0, note: errors > 0 ? `caught, ${why}` : 'not caught' };
  });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
