import type { Peer } from '../peer.js';
import { countLines, readAll } from './web-stream.js';

interface BunProcess {
  stdin: {
    write(data: Uint8Array): number | Promise<number>;
    flush(): number | Promise<number>;
    end(): unknown;
  };
  stdout: ReadableStream<Uint8Array>;
  stderr: ReadableStream<Uint8Array>;
  exited: Promise<number>;
  kill(signal: string): void;
}

declare const Bun: { spawn(command: string[], options: object): BunProcess };

/** Bun.spawn; runs in Bun. */
export async function open(): Promise<Peer> {
  const reading = (path: string, args: string[]) =>
    Bun.spawn([path, ...args], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  return {
    async capture(path, args) {
      const child = reading(path, args);
      const [out, err] = await Promise.all([
        lengthOf(child.stdout),
        lengthOf(child.stderr),
        succeeded(child),
      ]);
      return out + err;
    },
    async drain(path, args) {
      const child = reading(path, args);
      let bytes = 0;
      for await (const chunk of child.stdout) bytes += chunk.length;
      await succeeded(child);
      return bytes;
    },
    async firstByte(path, args, onFirst) {
      const child = reading(path, args);
      await readAll(child.stdout, onFirst);
      await succeeded(child);
    },
    async collect(path, args) {
      const child = reading(path, args);
      const [bytes] = await Promise.all([lengthOf(child.stdout), succeeded(child)]);
      return bytes;
    },
    async lines(path, args) {
      const child = reading(path, args);
      const [lines] = await Promise.all([countLines(child.stdout), succeeded(child)]);
      return lines;
    },
    async feed(path, args, block, times) {
      const child = Bun.spawn([path, ...args], { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' });
      for (let i = 0; i < times; i++) {
        await child.stdin.write(block);
        await child.stdin.flush();
      }
      await child.stdin.end();
      const text = await new Response(child.stdout).text();
      await succeeded(child);
      return text;
    },
    async stall(path, args, stalled) {
      const child = reading(path, args);
      await child.stdout.getReader().read();
      await stalled;
      child.kill('SIGKILL');
      await child.exited;
    },
    async start(path) {
      const child = Bun.spawn([path], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' });
      return {
        async end() {
          child.kill('SIGKILL');
          await child.exited;
        },
      };
    },
  };
}

async function lengthOf(stream: ReadableStream<Uint8Array>): Promise<number> {
  return (await new Response(stream).arrayBuffer()).byteLength;
}

async function succeeded(child: BunProcess): Promise<void> {
  const code = await child.exited;
  if (code !== 0) throw new Error(`exit code ${code}`);
}
