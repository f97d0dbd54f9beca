// How many commands per second, both streams captured, eight at once?
import { spawn } from 'node:child_process';
import type { Box } from '../lib/index.js';
import type { Question } from './harness.js';
import { program } from './programs.js';

const executions = 1000;
const atOnce = 8;

async function perSecond(one: () => Promise<void>): Promise<number> {
  let left = executions;
  const lane = async () => {
    while (left-- > 0) await one();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  return executions / ((performance.now() - start) / 1000);
}

function childProcess(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [], { stdio: ['pipe', 'pipe', 'pipe'] });
    const collected: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => collected.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => collected.push(chunk));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
    child.on('error', reject);
  });
}

export function execRate(box: Box): Question {
  const path = program('true');
  return {
    title: 'executions of a static `true`, 8 at once',
    unit: 'per second',
    target: 3,
    rounds: 5,
    rivals: [
      { name: 'boxlite-ffi', run: () => perSecond(async () => void (await box.run(path, [], { check: true }))) },
      { name: 'child_process', run: () => perSecond(() => childProcess(path)) },
    ],
  };
}
