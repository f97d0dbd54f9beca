import type { Readable } from 'node:stream';
import { InvalidArgumentError } from './error-classes.js';
import type { ExitGate } from './exit-gate.js';
import { InputStream } from './input-stream.js';
import type { NativeExecution, StreamNumber } from './native/addon.js';
import { describe } from './options.js';
import { endedStream, OutputStream } from './output-stream.js';
import type { PulledIterator } from './pulled-iterator.js';
import { emptyIterator, failedIterator, lineIterator, outputIterator, type OutputChunk } from './readers.js';
import type { CommandPlan } from './read-exec-options.js';

/**
 * The streams of one execution, each made when somebody first asks for it: most commands are run for their exit
 * code or read in one way only, and a Node stream costs more than the command's start.
 */
export class ExecutionStreams {
  readonly #native: NativeExecution;
  readonly #plan: CommandPlan;
  readonly #gate: ExitGate;
  #stdin: InputStream | undefined;
  #stdout: Readable | undefined;
  #stderr: Readable | undefined;
  #iterators: PulledIterator<unknown>[] | undefined;
  #closed = false;

  constructor(native: NativeExecution, plan: CommandPlan, gate: ExitGate) {
    this.#native = native;
    this.#plan = plan;
    this.#gate = gate;
  }

  get stdin(): InputStream {
    if (this.#stdin === undefined) {
      const isOurs = this.#plan.stdin === 'pipe';
      this.#stdin = new InputStream(this.#native, isOurs ? 'open' : 'taken');
      if (this.#closed) this.#stdin.destroy();
    }
    return this.#stdin;
  }

  get stdout(): Readable {
    return (this.#stdout ??= this.#output(1));
  }

  get stderr(): Readable {
    return (this.#stderr ??= this.#plan.native.tty ? endedStream() : this.#output(2));
  }

  lines(from: unknown): AsyncIterableIterator<string> {
    if (from !== 'stdout' && from !== 'stderr') {
      return failedIterator(
        new InvalidArgumentError(`from must be 'stdout' or 'stderr', got ${describe(from)}`, {
          operation: 'execution.lines',
        }),
      );
    }
    if (from === 'stderr' && this.#plan.native.tty) return emptyIterator();
    return this.#own(lineIterator(this.#native, from === 'stdout' ? 1 : 2, this.#gate));
  }

  chunks(): AsyncIterableIterator<OutputChunk> {
    return this.#own(outputIterator(this.#native));
  }

  /** The process is gone: whoever still writes to it need not be told by an error. */
  endStdin(): void {
    this.#stdin?.destroy();
  }

  /** Destroys what there is, and what is still asked for later. */
  destroy(): void {
    this.#closed = true;
    for (const stream of [this.#stdin, this.#stdout, this.#stderr]) stream?.destroy();
    for (const iterator of this.#iterators?.splice(0) ?? []) iterator.stop();
  }

  /** Calls back when every output that somebody reads has been closed; at once if there is none. */
  whenClosed(callback: () => void): void {
    const open = [this.#stdout, this.#stderr].filter(
      (stream) => stream instanceof OutputStream && stream.attached && !stream.closed,
    ) as OutputStream[];
    let left = open.length;
    if (left === 0) callback();
    for (const stream of open) {
      stream.once('close', () => {
        if (--left === 0) callback();
      });
    }
  }

  #output(stream: StreamNumber): Readable {
    const output = new OutputStream(this.#native, stream, this.#gate);
    if (this.#closed) output.destroy();
    return output;
  }

  #own<T>(iterator: PulledIterator<T>): PulledIterator<T> {
    if (this.#closed) iterator.stop();
    else (this.#iterators ??= []).push(iterator);
    return iterator;
  }
}
