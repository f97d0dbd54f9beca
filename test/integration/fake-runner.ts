import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** What went to a runner's exec. */
interface ExecRequest {
  command: string;
  args: string[];
}

/**
 * The few routes of the REST contract that `bench drain` uses, over real processes. The path prefix says what it does
 * wrong: `late` sends the exit frame before the last output, `cut` closes the socket without one.
 */
export class FakeRunner {
  boxes = 0;
  readonly #server: Server;
  readonly #key: string;
  readonly #commands = new Map<string, ExecRequest>();
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor(key: string) {
    this.#key = key;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#attach(client, request.url ?? ''));
    });
  }

  static async listen(key: string): Promise<FakeRunner> {
    const runner = new FakeRunner(key);
    await new Promise<void>((resolve) => runner.#server.listen(0, '127.0.0.1', resolve));
    return runner;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const reply = (status: number, value?: unknown) => response.writeHead(status).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${this.#key}`) {
      return void reply(401, { error: { message: 'no', type: 'AuthError', code: 'unauthenticated' } });
    }
    if (request.method === 'DELETE') {
      this.boxes--;
      return void response.writeHead(204).end();
    }
    if (!request.url?.endsWith('/exec')) {
      this.boxes++;
      return void reply(201, { box_id: 'box' });
    }
    const id = `e${this.#commands.size}`;
    this.#commands.set(id, JSON.parse(body) as ExecRequest);
    reply(201, { execution_id: id });
  }

  #attach(client: WebSocket, url: string): void {
    const { command, args } = this.#commands.get(/executions\/(e\d+)\//.exec(url)?.[1] ?? '') as ExecRequest;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    client.ping();
    const chunks = framesOf(child);
    child.on('close', (code) => {
      const last = chunks.pop() as Buffer;
      const exit = JSON.stringify({ type: 'exit', exit_code: code });
      const order = url.startsWith('/v1/late/') ? [...chunks, exit, last] : [...chunks, last, exit];
      const frames = url.startsWith('/v1/cut/') ? chunks : order;
      for (const frame of frames) client.send(frame);
      client.close(1000);
    });
  }
}

function framesOf(child: ChildProcess): Buffer[] {
  const frames: Buffer[] = [];
  const channel = (number: number) => (chunk: Buffer) =>
    frames.push(Buffer.concat([Buffer.of(number), chunk]));
  child.stdout?.on('data', channel(1));
  child.stderr?.on('data', channel(2));
  return frames;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
