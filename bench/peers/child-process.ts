import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Peer } from '../peer.js';

/** node:child_process as it is. */
export async function open(): Promise<Peer> {
  return {
    async capture(path, args) {
      const child = reading(path, args);
      const chunks: Buffer[] = [];
      child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
      await succeeded(child);
      return Buffer.concat(chunks).length;
    },
    async drain(path, args) {
      const child = reading(path, args);
      const done = succeeded(child);
      let bytes = 0;
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) bytes += chunk.length;
      await done;
      return bytes;
    },
    async firstByte(path, args, onFirst) {
      const child = reading(path, args);
      child.stdout?.once('data', onFirst);
      await succeeded(child);
    },
    async collect(path, args) {
      const child = reading(path, args);
      const chunks: Buffer[] = [];
      child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
      await succeeded(child);
      return Buffer.concat(chunks).length;
    },
    async lines(path, args) {
      const child = reading(path, args);
      const done = succeeded(child);
      let lines = 0;
      if (child.stdout === null) throw new Error('no stdout');
      const reader = createInterface({ input: child.stdout });
      reader.on('line', (line) => (lines += line.length > 0 ? 1 : 0));
      await Promise.all([once(reader, 'close'), done]);
      return lines;
    },
    async feed(path, args, block, times) {
      const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'ignore'] });
      const done = succeeded(child);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      for (let i = 0; i < times; i++) {
        if (!child.stdin.write(block)) await once(child.stdin, 'drain');
      }
      child.stdin.end();
      await done;
      return text;
    },
    async stall(path, args, stalled) {
      const child = reading(path, args);
      child.stdout?.once('data', () => child.stdout?.pause());
      await stalled;
      await killed(child);
    },
    async start(path) {
      const child = spawn(path, [], { stdio: ['pipe', 'pipe', 'pipe'] });
      await once(child, 'spawn');
      return { end: () => killed(child) };
    },
  };
}

/** Starts a program of which somebody reads. */
export function reading(path: string, args: string[]): ChildProcess {
  return spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves when it has ended with 0 and its streams have, rejects otherwise. */
export async function succeeded(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`exit code ${code}`);
}

async function killed(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  child.stdout?.resume();
  await closed;
}
