// How many lines of 32 bytes per second does `for await` see?
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Box } from '../lib/index.js';
import type { Question } from './harness.js';
import { program } from './programs.js';

const count = 2_000_000;

async function millionsPerSecond(run: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const seen = await run();
  if (seen !== count) throw new Error(`expected ${count} lines, got ${seen}`);
  return count / 1e6 / ((performance.now() - start) / 1000);
}

async function countLines(lines: AsyncIterable<string>): Promise<number> {
  let seen = 0;
  for await (const line of lines) if (line.length === 31) seen++;
  return seen;
}

export function lines(box: Box): Question {
  const path = program('lines');
  const args = [String(count)];
  const ours = async () => countLines((await box.exec(path, args, { stdin: 'ignore' })).lines());
  const events = () =>
    new Promise<number>((resolve) => {
      const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let seen = 0;
      const reader = createInterface({ input: child.stdout });
      reader.on('line', (line) => (seen += line.length === 31 ? 1 : 0));
      reader.on('close', () => resolve(seen));
    });
  return {
    title: 'lines of 32 bytes',
    unit: 'million per second',
    target: 1,
    rounds: 5,
    rivals: [
      { name: 'boxlite-ffi, for await', run: () => millionsPerSecond(ours) },
      { name: "readline, 'line' events", run: () => millionsPerSecond(events) },
    ],
  };
}
