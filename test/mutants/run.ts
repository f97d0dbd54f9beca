import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { api } from './api.js';
import { bridge } from './bridge.js';
import { door } from './door.js';
import { glue } from './glue.js';
import { nameOf, type Catcher, type Mutant } from './mutant.js';
import { Tree, type Outcome } from './tree.js';

/**
 * Breaks one line of the pump, the door, the glue or the API at a time, in a private copy, and expects one named test
 * to notice. `--only NAME` runs one, `--sample K` K of them, spread over the list and moving on each day.
 *
 * The last line is `caught K of K`; the exit code is 1 unless all were caught.
 */

const timeoutSeconds = 30;
const all = [...bridge, ...door, ...glue, ...api];

type Verdict = { caught: boolean; how: string };

function chosen(): Mutant[] {
  const { values } = parseArgs({ options: { only: { type: 'string' }, sample: { type: 'string' } } });
  if (values.only !== undefined) {
    const found = all.filter(({ name }) => name === values.only);
    if (found.length === 0)
      throw new Error(
        `there is no mutant "${values.only}"; there are ${all.map(({ name }) => name).join(', ')}`,
      );
    return found;
  }
  const count = Math.min(Number(values.sample ?? all.length), all.length);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--sample must be a positive number, got ${values.sample}`);
  const day = Math.floor(Date.now() / 86_400_000);
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[(Math.floor(i * step) + day) % all.length] as Mutant);
}

function isNative({ file }: Mutant): boolean {
  return file.startsWith('csrc/');
}

/** What must be built for a break and its test. */
function targetOf(mutant: Mutant): string[] {
  if (!isNative(mutant)) return [];
  return 'gtest' in mutant.caughtBy ? ['bx_tests'] : ['boxlite_ffi'];
}

function runTest(tree: Tree, catcher: Catcher): Outcome {
  return 'gtest' in catcher
    ? tree.gtest(catcher.gtest, timeoutSeconds)
    : tree.vitest(catcher.vitest, catcher.test, timeoutSeconds);
}

/** How often the named test ran and passed; undefined where no report was left. */
function passed(catcher: Catcher, { output }: Outcome): number | undefined {
  if ('gtest' in catcher) return Number(/\[ {2}PASSED {2}\] (\d+) test/.exec(output)?.[1] ?? 0);
  try {
    return (JSON.parse(output) as { numPassedTests: number }).numPassedTests;
  } catch {
    return undefined;
  }
}

function failed(catcher: Catcher, { output }: Outcome): number {
  if ('gtest' in catcher) return Number(/(\d+) FAILED TEST/.exec(output)?.[1] ?? 0);
  try {
    return (JSON.parse(output) as { numFailedTests: number }).numFailedTests;
  } catch {
    return 0;
  }
}

/** Without a break every named test must be there and pass, or "caught" would mean nothing. */
function checkBaseline(tree: Tree, mutants: Mutant[]): void {
  const configured = tree.configure();
  const built = configured.ok ? tree.build('bx_tests', 'boxlite_ffi') : configured;
  if (!built.ok) throw new Error(`the tree does not build without a break:\n${built.output.slice(-4000)}`);
  const catchers = mutants.map(({ caughtBy }) => caughtBy);
  const passing = tree.passing(
    [...new Set(catchers.flatMap((catcher) => ('gtest' in catcher ? [catcher.gtest] : [])))],
    [...new Set(catchers.flatMap((catcher) => ('vitest' in catcher ? [catcher.vitest] : [])))],
  );
  const missing = catchers.map(nameOf).filter((name) => !passing.has(name));
  if (missing.length > 0) throw new Error(`these do not pass without a break:\n${missing.join('\n')}`);
}

function judge(tree: Tree, mutant: Mutant): Verdict {
  const original = tree.read(mutant.file);
  const pieces = original.split(mutant.find);
  if (pieces.length !== 2)
    return { caught: false, how: `ERROR: found ${pieces.length - 1} times in ${mutant.file}` };
  tree.write(mutant.file, pieces.join(mutant.replace));
  try {
    const targets = targetOf(mutant);
    const built = targets.length > 0 ? tree.build(...targets) : undefined;
    if (built && !built.ok)
      return { caught: false, how: `ERROR: does not build: ${firstError(built.output)}` };
    const outcome = runTest(tree, mutant.caughtBy);
    if (outcome.timedOut) return { caught: true, how: `did not end in ${timeoutSeconds} s` };
    if (failed(mutant.caughtBy, outcome) > 0) return { caught: true, how: 'failed' };
    // A crash leaves no report of the test, and is as good as a failure.
    if (!outcome.ok && !passed(mutant.caughtBy, outcome)) return { caught: true, how: 'crashed' };
    return { caught: false, how: 'SURVIVED' };
  } finally {
    tree.write(mutant.file, original);
  }
}

function firstError(output: string): string {
  return output.split('\n').find((line) => line.includes('error')) ?? output.slice(-300);
}

function main(): void {
  const mutants = chosen();
  const started = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  const root = join(__dirname, '..', '..');
  for (const script of ['build-engine.cjs', 'build-fault-engine.cjs']) {
    execFileSync(process.execPath, [join(root, 'scripts', script)], { stdio: 'ignore' });
  }
  const tree = new Tree();
  tree.refresh();
  checkBaseline(tree, mutants);
  console.log(`without a break all tests pass (${seconds()})`);
  // By file, so that each is compiled back to normal only once.
  const order = [...mutants].sort(
    (a, b) => a.file.localeCompare(b.file) || nameOf(a.caughtBy).localeCompare(nameOf(b.caughtBy)),
  );
  let caught = 0;
  for (const mutant of order) {
    const verdict = judge(tree, mutant);
    if (verdict.caught) caught++;
    console.log(
      `${verdict.caught ? 'caught ' : 'MISSED '} ${mutant.name.padEnd(56)} ${verdict.how}: ${nameOf(mutant.caughtBy)}`,
    );
  }
  console.log(`${seconds()}\ncaught ${caught} of ${order.length}`);
  process.exitCode = caught === order.length ? 0 : 1;
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  console.log(`caught 0 of ${all.length}`);
  process.exitCode = 1;
}
