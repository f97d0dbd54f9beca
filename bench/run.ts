// Asks every question and prints one Markdown table: ours beside node:child_process, interleaved in this run.
import { cpus } from 'node:os';
import { Runtime } from '../lib/index.js';
import { execRate } from './exec-rate.js';
import { ask, tableHead, toRows, type Outcome } from './harness.js';
import { lines } from './lines.js';
import { mainThread } from './main-thread.js';
import { throughput } from './throughput.js';

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}\n`);
  const outcomes: Outcome[] = [];
  console.log(tableHead.join('\n'));
  const report = (outcome: Outcome) => {
    outcomes.push(outcome);
    console.log(toRows(outcome).join('\n'));
  };
  {
    await using runtime = await Runtime.open();
    const box = await runtime.create();
    for (const question of [execRate(box), throughput(box), lines(box)]) report(await ask(question));
  }
  mainThread().forEach(report);
  const missed = outcomes.filter((outcome) => !outcome.met);
  console.log(`\n${outcomes.length - missed.length} of ${outcomes.length} targets met`);
}

void main();
