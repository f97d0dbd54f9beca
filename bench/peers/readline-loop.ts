import { createInterface } from 'node:readline';
import type { Peer } from '../peer.js';
import { reading, succeeded } from './child-process.js';

/** Lines as ours are read: by a loop over readline instead of its events. */
export async function open(): Promise<Peer> {
  return {
    async lines(path, args) {
      const child = reading(path, args);
      const done = succeeded(child);
      let lines = 0;
      if (child.stdout === null) throw new Error('no stdout');
      for await (const line of createInterface({ input: child.stdout })) lines += line.length > 0 ? 1 : 0;
      await done;
      return lines;
    },
  };
}
