import type { AddressInfo } from 'node:net';
import { ConfigError, InvalidStateError } from 'boxlite-ffi';
import { drain } from './drain.js';
import { isLoopback, readOptions, type RunnerOptions, type RunnerPlan } from './options.js';
import { buildServer, type Server } from './server.js';

const defaultGraceMs = 10_000;

/**
 * The service of one runtime.
 *
 * @example
 * const runner = await createRunner({ runtime, apiKey: process.env.BOXLITE_API_KEY });
 * console.log(await runner.listen());
 */
export class Runner implements AsyncDisposable {
  readonly #plan: RunnerPlan;
  readonly #server: Server;
  #url: string | undefined;
  #closing: Promise<void> | undefined;

  /** Made by {@link createRunner}. */
  constructor(plan: RunnerPlan, server: Server) {
    this.#plan = plan;
    this.#server = server;
  }

  /**
   * Where it listens, as `http://127.0.0.1:8100`.
   *
   * @throws InvalidStateError before {@link listen}.
   */
  get url(): string {
    if (this.#url === undefined) throw new InvalidStateError('the runner does not listen yet');
    return this.#url;
  }

  /**
   * Begins to listen. Resolves with its URL.
   *
   * @throws ConfigError for an address that others can reach, without a key; what the system says if the address
   * cannot be had.
   */
  async listen(): Promise<string> {
    const { host, port, apiKey, allowUnprotected } = this.#plan;
    if (apiKey === undefined && !allowUnprotected && !isLoopback(host)) {
      throw new ConfigError(`${host} can be reached by others: give an apiKey, or listen on 127.0.0.1`);
    }
    await this.#server.app.listen({ host, port });
    const address = this.#server.app.server.address() as AddressInfo;
    this.#url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    return this.#url;
  }

  /**
   * Stops listening and lets what runs finish: requests, then executions with a client attached. After the grace the
   * clients are sent away to come back later. Executions end; the runtime stays open. Idempotent.
   *
   * @param options.graceMs - In milliseconds; default 10 s.
   */
  close(options: { graceMs?: number } = {}): Promise<void> {
    return (this.#closing ??= drain(this.#server, options.graceMs ?? defaultGraceMs));
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Makes a runner; nothing listens yet.
 *
 * @throws InvalidArgumentError naming the option and what was expected.
 */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  const plan = readOptions(options);
  return new Runner(plan, await buildServer(plan));
}
