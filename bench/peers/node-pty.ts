import type { Peer } from '../peer.js';
import { optional } from './optional.js';

interface Terminal {
  onData(listener: (data: Uint8Array) => void): void;
  onExit(listener: (exit: { exitCode: number }) => void): void;
}

interface NodePty {
  default: { spawn(path: string, args: string[], options: object): Terminal };
}

export async function open(): Promise<Peer> {
  const { default: pty } = await optional<NodePty>('node-pty');
  return {
    terminal: (path, args) =>
      new Promise((resolve, reject) => {
        let bytes = 0;
        const terminal = pty.spawn(path, args, { encoding: null });
        terminal.onData((data) => (bytes += data.length));
        terminal.onExit(({ exitCode }) =>
          exitCode === 0 ? resolve(bytes) : reject(new Error(`exit code ${exitCode}`)),
        );
      }),
  };
}
