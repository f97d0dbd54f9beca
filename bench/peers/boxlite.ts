import type { Peer } from '../peer.js';
import { packageUnderTest } from '../under-test.js';

/** This package on the embedded engine. */
export async function open(): Promise<Peer> {
  const { Runtime } = packageUnderTest();
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  const exec = (path: string, args: string[], more: object = {}) =>
    box.exec(path, args, { stdin: 'ignore', ...more });
  const bytesOf = async (execution: Awaited<ReturnType<typeof exec>>) => {
    let bytes = 0;
    for await (const chunk of execution.stdout as AsyncIterable<Buffer>) bytes += chunk.length;
    await succeeded(execution);
    return bytes;
  };
  return {
    async capture(path, args) {
      const { stdout, stderr } = await box.run(path, args, {
        stdin: 'ignore',
        encoding: 'buffer',
        check: true,
      });
      return stdout.length + stderr.length;
    },
    drain: async (path, args) => bytesOf(await exec(path, args)),
    async firstByte(path, args, onFirst) {
      const execution = await exec(path, args);
      execution.stdout.once('data', onFirst);
      await succeeded(execution);
    },
    async collect(path, args) {
      return (await box.run(path, args, { stdin: 'ignore', encoding: 'buffer', check: true })).stdout.length;
    },
    async lines(path, args) {
      let lines = 0;
      const execution = await exec(path, args);
      for await (const line of execution.lines()) if (line.length > 0) lines++;
      await succeeded(execution);
      return lines;
    },
    async feed(path, args, block, times) {
      const execution = await exec(path, args, { stdin: 'pipe' });
      for (let i = 0; i < times; i++) {
        if (!execution.stdin.write(block)) {
          await new Promise((resolve) => execution.stdin.once('drain', resolve));
        }
      }
      execution.stdin.end();
      let text = '';
      for await (const chunk of execution.stdout as AsyncIterable<Buffer>) text += chunk.toString();
      await succeeded(execution);
      return text;
    },
    async stall(path, args, stalled) {
      const execution = await exec(path, args);
      execution.stdout.once('data', () => execution.stdout.pause());
      await stalled;
      await execution.close();
    },
    async start(path) {
      const execution = await box.exec(path);
      return { end: () => execution.close() };
    },
    terminal: async (path, args) => bytesOf(await exec(path, args, { tty: true, stdin: 'pipe' })),
    close: () => runtime.close(),
  };
}

async function succeeded(execution: { wait(): Promise<{ exitCode: number | null }> }): Promise<void> {
  const { exitCode } = await execution.wait();
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
}
