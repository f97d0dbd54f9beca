// How fast does a large stdout arrive, written in blocks of 64 KiB?
import { spawn } from 'node:child_process';
import type { Box } from '../lib/index.js';
import type { Question } from './harness.js';
import { program } from './programs.js';

const bytes = 1024 * 1024 * 1024;
const block = 64 * 1024;

async function megabytesPerSecond(run: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const received = await run();
  if (received !== bytes) throw new Error(`expected ${bytes} bytes, got ${received}`);
  return bytes / 1e6 / ((performance.now() - start) / 1000);
}

export function throughput(box: Box): Question {
  const path = program('flood');
  const args = [String(bytes), String(block)];
  const ours = async () => {
    const execution = await box.exec(path, args, { stdin: 'ignore' });
    let received = 0;
    for await (const chunk of execution.stdout as AsyncIterable<Buffer>) received += chunk.length;
    await execution.wait();
    return received;
  };
  const theirs = async () => {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let received = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) received += chunk.length;
    return received;
  };
  return {
    title: 'stdout in writes of 64 KiB',
    unit: 'MB/s',
    target: 0.7,
    rounds: 5,
    rivals: [
      { name: 'boxlite-ffi', run: () => megabytesPerSecond(ours) },
      { name: 'child_process', run: () => megabytesPerSecond(theirs) },
    ],
  };
}
