import { once } from 'node:events';
import type { Box } from '../box.js';
import { nativeOf, type Execution } from '../execution.js';
import { Runtime } from '../runtime.js';
import type { RuntimeOptions } from '../runtime-options.js';
import type { DrainTarget, TargetOptions } from './drain-target.js';
import type { WriterCommand } from './drain-writer.js';
import type { ExecutionWatch } from './execution-watch.js';

/** Any engine behind the C ABI, watched through the public API as its users see it. */
export class FfiTarget implements DrainTarget {
  readonly seesRawWait = true;
  readonly #runtime: Runtime;
  readonly #box: Box;
  readonly #timeoutMs: number;

  private constructor(runtime: Runtime, box: Box, timeoutMs: number) {
    this.#runtime = runtime;
    this.#box = box;
    this.#timeoutMs = timeoutMs;
  }

  static async open(runtimeOptions: RuntimeOptions, options: TargetOptions): Promise<FfiTarget> {
    const runtime = await Runtime.open(runtimeOptions);
    try {
      const image = options.image === undefined ? {} : { image: options.image };
      return new FfiTarget(runtime, await runtime.create(image), options.timeoutMs);
    } catch (error) {
      await runtime.close();
      throw error;
    }
  }

  get engine(): Runtime['engine'] {
    return this.#runtime.engine;
  }

  get sharesFiles(): boolean {
    return this.engine.isolation === 'none';
  }

  async run({ command, args }: WriterCommand, watch: ExecutionWatch): Promise<void> {
    try {
      await this.#watch(await this.#box.exec(command, args, { stdin: 'ignore' }), watch);
    } catch (error) {
      watch.failed(error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#box.remove({ force: true });
    } finally {
      await this.#runtime.close();
    }
  }

  async #watch(execution: Execution, watch: ExecutionWatch): Promise<void> {
    const closed = once(execution, 'close');
    const late = setTimeout(() => {
      watch.failed(new Error(`no end within ${this.#timeoutMs} ms`));
      execution.close().catch(() => undefined);
    }, this.#timeoutMs);
    execution.on('exit', ({ exitCode }) => watch.exit(exitCode));
    execution.stdout.on('data', (chunk: Buffer) => watch.data('stdout', chunk));
    execution.stderr.on('data', (chunk: Buffer) => watch.data('stderr', chunk));
    try {
      watch.waited((await execution.wait()).exitCode);
      await closed;
    } finally {
      clearTimeout(late);
      const native = nativeOf(execution);
      watch.beneath(native.lateChunks, native.naive);
      await execution.close();
    }
  }
}
