// Asks the questions and reports: a table as they are answered, then JSON and HTML where they are asked for.
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ask } from './harness.js';
import { installPeers } from './install-peers.js';
import type { Question } from './question.js';
import { allQuestions } from './questions.js';
import { changeTable, compare, type Change } from './report/compare.js';
import { toHtml } from './report/html.js';
import { score } from './report/outcome.js';
import { readRun, type BenchRun } from './report/run.js';
import { tableHead, toRows } from './report/table.js';
import { machineModule, progressModule } from './under-test.js';

interface Flags {
  quick?: true;
  rounds?: number;
  only?: string;
  rivals?: string;
  json?: string;
  html?: string;
  compare?: string;
  list?: true;
}

function parse(): Flags {
  return new Command('npm run bench --')
    .description(
      'speed beside node:child_process, execa, nano-spawn, tinyexec, node-pty, Bun, Deno and a C program',
    )
    .option('--quick', 'smaller work and two rounds: for a first look')
    .option('--rounds <n>', 'rounds that count; default 5', positive)
    .option('--only <ids>', 'questions whose id begins so, separated by commas')
    .option('--rivals <names>', 'besides ours only these, separated by commas')
    .option('--json <file>', 'write the run as JSON')
    .option('--html <file>', 'write the run as one HTML page with plots')
    .option('--compare <file>', 'the JSON of an earlier run')
    .option('--list', 'print the ids of the questions and end')
    .parse()
    .opts<Flags>();
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

function choose({ only, rivals }: Flags): Question[] {
  const beginnings = only?.split(',');
  const names = rivals?.toLowerCase().split(',');
  const wanted = allQuestions().filter(
    ({ id }) => beginnings === undefined || beginnings.some((beginning) => id.startsWith(beginning)),
  );
  if (wanted.length === 0) throw new Error(`no question begins with ${only}; --list prints them`);
  if (names === undefined) return wanted;
  return wanted.map((question) => ({
    ...question,
    rivals: question.rivals.filter(
      ({ label, peer }) => peer === 'boxlite' || names.some((name) => label.toLowerCase().startsWith(name)),
    ),
  }));
}

/** Asks one after the other; `report` gets the run as it stands after each. */
async function askAll(
  questions: Question[],
  flags: Flags,
  report: (run: BenchRun) => void,
): Promise<BenchRun> {
  const quick = flags.quick === true;
  const rounds = flags.rounds ?? (quick ? 2 : 5);
  const progress = new (progressModule().Progress)();
  const run: BenchRun = {
    machine: machineModule().machineFacts(),
    startedAt: new Date().toISOString(),
    rounds,
    quick,
    outcomes: [],
  };
  for (const [index, question] of questions.entries()) {
    const onRound = (done: number, total: number) =>
      progress.show(`${question.id} (${index + 1} of ${questions.length})`, done, total);
    const outcome = await ask(question, { rounds, quick, onRound });
    progress.clear();
    console.log(toRows(outcome).join('\n'));
    run.outcomes.push(outcome);
    run.machine = machineModule().machineFacts();
    report(run);
  }
  return run;
}

async function main(): Promise<void> {
  const flags = parse();
  const questions = choose(flags);
  if (flags.list) return console.log(questions.map(({ id }) => id).join('\n'));
  // Read before the run: a wrong path must not cost an hour.
  const before = flags.compare === undefined ? undefined : readRun(readFileSync(flags.compare, 'utf8'));
  const missing = installPeers();
  if (missing !== undefined) console.error(`peers could not be installed: ${missing}`);
  const { machineFacts, machineLine } = machineModule();
  console.log(`${machineLine(machineFacts())}\n\n${tableHead.join('\n')}`);
  const changesIn = (run: BenchRun): Change[] => (before === undefined ? [] : compare(before, run));
  // After every question, so that a run that is broken off has told what it learned.
  const run = await askAll(questions, flags, (soFar) => {
    if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(soFar, null, 2)}\n`);
    if (flags.html !== undefined)
      writeFileSync(flags.html, toHtml(soFar, machineLine(soFar.machine), changesIn(soFar)));
  });
  const { met, missed, open } = score(run.outcomes);
  console.log(`\n${met} targets met, ${missed} missed, ${open} not measured`);
  if (before !== undefined) console.log(`\n${changeTable(changesIn(run)).join('\n')}`);
}

main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});
