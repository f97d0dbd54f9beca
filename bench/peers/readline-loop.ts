import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Peer } from '../peer.js';

/** Lines as ours are read: by a loop over readline instead of its events. */
export async function open(): Promise<Peer> {
  return {
    async lines(path, args) {
      const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      const closed = once(child, 'close');
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) lines += line.length > 0 ? 1 : 0;
      const [code] = (await closed) as [number | null];
      if (code !== 0) throw new Error(`exit code ${code}`);
      return lines;
    },
  };
}
