import type { Peer } from '../peer.js';
import { optional } from './optional.js';

interface Execa {
  execa(
    path: string,
    args: string[],
    options: object,
  ): Promise<{ stdout: Uint8Array; stderr: Uint8Array }> & AsyncIterable<string>;
}

export async function open(): Promise<Peer> {
  const { execa } = await optional<Execa>('execa');
  const options = { stdin: 'ignore', encoding: 'buffer', maxBuffer: 1e9 };
  return {
    async capture(path, args) {
      const { stdout, stderr } = await execa(path, args, options);
      return stdout.length + stderr.length;
    },
    async collect(path, args) {
      return (await execa(path, args, options)).stdout.length;
    },
    async lines(path, args) {
      let lines = 0;
      for await (const line of execa(path, args, { stdin: 'ignore', buffer: false })) {
        if (line.length > 0) lines++;
      }
      return lines;
    },
  };
}
