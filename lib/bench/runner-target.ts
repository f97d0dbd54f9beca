import WebSocket from 'ws';
import type { EngineInfo } from '../engine.js';
import { NetworkError } from '../error-classes.js';
import type { DrainTarget, TargetOptions } from './drain-target.js';
import type { WriterCommand } from './drain-writer.js';
import type { ExecutionWatch } from './execution-watch.js';

export interface RunnerOptions extends TargetOptions {
  apiKey?: string;
  pathPrefix?: string;
}

const closeGraceMs = 5000;

/** A runner, spoken to as the published clients do: create, exec, attach. */
export class RunnerTarget implements DrainTarget {
  readonly seesRawWait = false;
  readonly sharesFiles = false;
  readonly engine: EngineInfo;
  readonly #base: string;
  readonly #options: RunnerOptions;
  #box = '';

  private constructor(url: string, options: RunnerOptions) {
    const prefix = options.pathPrefix ? `/${options.pathPrefix}` : '';
    this.#base = `${url.replace(/\/+$/, '')}/v1${prefix}`;
    this.#options = options;
    this.engine = { kind: 'remote', version: 'unknown', url, isolation: 'remote', capabilities: [] };
  }

  /** Makes a box. @throws NetworkError if the runner does not answer as one. */
  static async open(url: string, options: RunnerOptions): Promise<RunnerTarget> {
    const target = new RunnerTarget(url, options);
    const image = options.image === undefined ? {} : { image: options.image };
    const box = await target.#post<{ box_id?: unknown }>('/boxes', image);
    if (typeof box.box_id !== 'string') throw new NetworkError(`${url} made a box without a box_id`);
    target.#box = `/boxes/${box.box_id}`;
    return target;
  }

  async run({ command, args }: WriterCommand, watch: ExecutionWatch): Promise<void> {
    try {
      const body = { command, args, tty: false };
      const { execution_id: id } = await this.#post<{ execution_id?: unknown }>(`${this.#box}/exec`, body);
      if (typeof id !== 'string') throw new NetworkError('exec was answered without an execution_id');
      await this.#attach(id, watch);
    } catch (error) {
      watch.failed(error);
    }
  }

  async close(): Promise<void> {
    await this.#fetch(`${this.#box}?force=true`, { method: 'DELETE' });
  }

  /** One socket from its upgrade to its close; what comes after the exit frame is seen too. */
  #attach(id: string, watch: ExecutionWatch): Promise<void> {
    return new Promise((resolve, reject) => {
      const url = `${this.#base}${this.#box}/executions/${id}/attach`.replace(/^http/, 'ws');
      const socket = new WebSocket(url, { headers: this.#headers(), perMessageDeflate: false });
      let exited = false;
      const give = (reason: string): void => {
        watch.failed(new Error(reason));
        socket.terminate();
      };
      let timer = setTimeout(
        () => give(`no end within ${this.#options.timeoutMs} ms`),
        this.#options.timeoutMs,
      );
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) return readOutput(data, watch);
        const code = readExit(data);
        if (code === undefined) return;
        exited = true;
        watch.exit(code);
        watch.waited(code);
        clearTimeout(timer);
        timer = setTimeout(() => give('the socket stayed open after the exit frame'), closeGraceMs);
      });
      socket.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      socket.on('close', (code) => {
        clearTimeout(timer);
        if (!exited) watch.failed(new Error(`the socket was closed (${code}) before the exit frame`));
        resolve();
      });
    });
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    const response = await this.#fetch(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return (await response.json()) as T;
  }

  async #fetch(path: string, request: RequestInit): Promise<Response> {
    const headers = { ...this.#headers(), ...(request.headers as Record<string, string> | undefined) };
    const response = await reach(this.#base + path, { ...request, headers });
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 200);
    throw new NetworkError(`${request.method ?? 'GET'} ${path} was answered ${response.status}: ${text}`);
  }

  #headers(): Record<string, string> {
    const { apiKey } = this.#options;
    return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { cause } = error as Error;
    throw new NetworkError(`cannot reach ${url}: ${cause instanceof Error ? cause.message : String(error)}`, {
      cause: error,
    });
  }
}

function readOutput(frame: Buffer, watch: ExecutionWatch): void {
  const channel = frame[0];
  if (channel === 1) watch.data('stdout', frame.subarray(1));
  else if (channel === 2) watch.data('stderr', frame.subarray(1));
}

/** The code of an exit frame; undefined for any other text. */
function readExit(data: Buffer): number | undefined {
  try {
    const frame = JSON.parse(data.toString()) as { type?: unknown; exit_code?: unknown };
    if (frame.type !== 'exit') return undefined;
    return typeof frame.exit_code === 'number' ? frame.exit_code : -1;
  } catch {
    return undefined;
  }
}
