import type { Peer } from '../peer.js';
import { optional } from './optional.js';

interface NanoSpawn {
  default(
    path: string,
    args: string[],
    options: object,
  ): Promise<{ stdout: string; stderr: string }> & { stdout: AsyncIterable<string> };
}

export async function open(): Promise<Peer> {
  const { default: spawn } = await optional<NanoSpawn>('nano-spawn');
  return {
    async capture(path, args) {
      const { stdout, stderr } = await spawn(path, args, { stdin: 'ignore' });
      return stdout.length + stderr.length;
    },
    async collect(path, args) {
      return (await spawn(path, args, { stdin: 'ignore' })).stdout.length;
    },
    async lines(path, args) {
      let lines = 0;
      const running = spawn(path, args, { stdin: 'ignore' });
      for await (const line of running.stdout) if (line.length > 0) lines++;
      await running;
      return lines;
    },
  };
}
