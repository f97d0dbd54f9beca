import type { Peer } from '../peer.js';
import { optional } from './optional.js';

interface TinyExec {
  x(
    path: string,
    args: string[],
    options: object,
  ): Promise<{ stdout: string; stderr: string }> & AsyncIterable<string>;
}

export async function open(): Promise<Peer> {
  const { x } = await optional<TinyExec>('tinyexec');
  const options = { throwOnError: true };
  return {
    async capture(path, args) {
      const { stdout, stderr } = await x(path, args, options);
      return stdout.length + stderr.length;
    },
    async collect(path, args) {
      return (await x(path, args, options)).stdout.length;
    },
    async lines(path, args) {
      let lines = 0;
      for await (const line of x(path, args, options)) if (line.length > 0) lines++;
      return lines;
    },
  };
}
