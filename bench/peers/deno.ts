import type { Peer } from '../peer.js';
import { countLines, readAll } from './web-stream.js';

interface DenoProcess {
  stdin: WritableStream<Uint8Array>;
  stdout: ReadableStream<Uint8Array>;
  stderr: ReadableStream<Uint8Array>;
  status: Promise<{ code: number }>;
  output(): Promise<{ code: number; stdout: Uint8Array; stderr: Uint8Array }>;
  kill(signal: string): void;
}

declare const Deno: { Command: new (path: string, options: object) => { spawn(): DenoProcess } };

/** Deno.Command; runs in Deno. */
export async function open(): Promise<Peer> {
  const start = (path: string, args: string[], stdin = 'null') =>
    new Deno.Command(path, { args, stdin, stdout: 'piped', stderr: 'piped' }).spawn();
  const output = async (path: string, args: string[]) => {
    const { code, stdout, stderr } = await start(path, args).output();
    if (code !== 0) throw new Error(`exit code ${code}`);
    return { stdout, stderr };
  };
  return {
    async capture(path, args) {
      const { stdout, stderr } = await output(path, args);
      return stdout.length + stderr.length;
    },
    async drain(path, args) {
      const child = start(path, args);
      let bytes = 0;
      for await (const chunk of child.stdout) bytes += chunk.length;
      await ended(child);
      return bytes;
    },
    async firstByte(path, args, onFirst) {
      const child = start(path, args);
      await readAll(child.stdout, onFirst);
      await ended(child);
    },
    collect: async (path, args) => (await output(path, args)).stdout.length,
    async lines(path, args) {
      const child = start(path, args);
      const lines = await countLines(child.stdout);
      await ended(child);
      return lines;
    },
    async feed(path, args, block, times) {
      const child = start(path, args, 'piped');
      const writer = child.stdin.getWriter();
      for (let i = 0; i < times; i++) await writer.write(block);
      await writer.close();
      const text = await new Response(child.stdout).text();
      await ended(child);
      return text;
    },
    async stall(path, args, stalled) {
      const child = start(path, args);
      const reader = child.stdout.getReader();
      await reader.read();
      await stalled;
      child.kill('SIGKILL');
      await reader.cancel();
      await child.stderr.cancel();
      await child.status;
    },
    async start(path) {
      const child = start(path, [], 'piped');
      return {
        async end() {
          child.kill('SIGKILL');
          await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()].map(settled));
          await child.status;
        },
      };
    },
  };
}

/** After its stdout was read. */
async function ended(child: DenoProcess): Promise<void> {
  await child.stderr.cancel();
  const { code } = await child.status;
  if (code !== 0) throw new Error(`exit code ${code}`);
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch(() => undefined);
}
