import { Runtime } from 'boxlite-ffi';
import { test as base } from 'vitest';
import type { Clock } from '../../lib/clock.js';
import { readOptions, type RunnerOptions } from '../../lib/options.js';
import { Runner } from '../../lib/runner.js';
import { buildServer } from '../../lib/server.js';
import type { Service } from '../../lib/service.js';
import { Attachment } from './attachment.js';
import { call, type Answer, type Sent } from './client.js';

/** A runner that listens, and what tests do with it. */
export class TestRunner {
  readonly runner: Runner;
  readonly service: Service;
  readonly url: string;

  constructor(runner: Runner, service: Service) {
    this.runner = runner;
    this.service = service;
    this.url = runner.url;
  }

  call(method: string, path: string, sent?: Sent): Promise<Answer> {
    return call(this.url, method, path, sent);
  }

  /** Makes a box; its id. */
  async box(options: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.call('POST', '/v1/boxes', { body: options });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.json['box_id'] as string;
  }

  /** Starts a command; its id. */
  async exec(box: string, command: string, args: string[] = [], more: object = {}): Promise<string> {
    const answer = await this.call('POST', `/v1/boxes/${box}/exec`, { body: { command, args, ...more } });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.json['execution_id'] as string;
  }

  sh(box: string, script: string, more: object = {}): Promise<string> {
    return this.exec(box, '/bin/sh', ['-c', script], more);
  }

  attach(
    box: string,
    execution: string,
    options?: Parameters<typeof Attachment.open>[1],
  ): Promise<Attachment> {
    return Attachment.open(`${this.url}/v1/boxes/${box}/executions/${execution}/attach`, options);
  }

  status(box: string, execution: string): Promise<Answer> {
    return this.call('GET', `/v1/boxes/${box}/executions/${execution}`);
  }

  /** Asks for the status until it says that the execution has ended. */
  async ended(box: string, execution: string): Promise<Record<string, any>> {
    for (;;) {
      const { json } = await this.status(box, execution);
      if (json['status'] !== 'running') return json;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Resolves when the runner knows that all its clients have gone. */
  async left(): Promise<void> {
    await Promise.all([...this.service.sessions].map(({ closed }) => closed));
  }

  /** Resolves when no signal of the reaper is on its way. */
  async reaped(): Promise<void> {
    const { registry, reaper } = this.service;
    for (const record of registry.records) {
      while (reaper.isDelivering(record)) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** What a test's runner is made with. */
export type Settings = Omit<Partial<RunnerOptions>, 'runtime'>;

/** Tests with a runner of their own on the embedded engine, which takes images for the host. */
export const test = base.extend<{
  settings: Settings;
  clock: Clock | undefined;
  runtime: Runtime;
  runner: TestRunner;
}>({
  settings: {},
  clock: undefined,
  // vitest wants the destructuring pattern even where nothing is taken from it.
  runtime: async ({}, use) => {
    const runtime = await Runtime.open({ engine: 'embedded', localImagePolicy: 'host' });
    await use(runtime);
    await runtime.close({ timeoutMs: 0 });
  },
  runner: async ({ runtime, settings, clock }, use) => {
    const plan = readOptions({ runtime, port: 0, ...settings }, clock);
    const server = await buildServer(plan);
    const runner = new Runner(plan, server);
    await runner.listen();
    await use(new TestRunner(runner, server.service));
    await runner.close({ graceMs: 0 });
  },
});
