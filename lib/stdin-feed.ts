import { finished, Readable } from 'node:stream';
import { InvalidArgumentError } from './error-classes.js';
import type { StdinSource } from './exec-options.js';
import { InputStream } from './input-stream.js';
import { InputWriter } from './input-writer.js';
import type { NativeExecution } from './native/addon.js';
import { describe } from './options.js';

type Feedable = Exclude<StdinSource, 'pipe' | 'ignore'>;

/** Feeding that goes on in the background. */
export interface Feed {
  /** The process has ended: gives the source back. */
  stop(): void;
}

/**
 * Writes all of a source to a process, with its backpressure, then the end. A process that ends without reading is
 * no failure; a source that fails is one, and is told to `fail`.
 */
export function feedStdin(native: NativeExecution, source: Feedable, fail: (error: unknown) => void): Feed {
  if (typeof source === 'string' || source instanceof Uint8Array) {
    void writeAll(native, source).catch(ignore);
    return { stop: ignore };
  }
  return source instanceof Readable ? pipe(native, source, fail) : pump(native, source, fail);
}

async function writeAll(native: NativeExecution, data: string | Uint8Array): Promise<void> {
  if (data.length > 0) await native.write(toBytes(data));
  await native.closeStdin();
}

/** A pipe rather than an iterator: it can be undone while the source, say a terminal, has nothing to give. */
function pipe(native: NativeExecution, source: Readable, fail: (error: unknown) => void): Feed {
  const input = new InputStream(native);
  input.on('error', ignore);
  source.pipe(input);
  const forget = finished(source, { writable: false }, (error) => {
    if (error) fail(error);
  });
  return {
    stop() {
      forget();
      source.unpipe(input);
      input.destroy();
    },
  };
}

function pump(
  native: NativeExecution,
  source: AsyncIterable<string | Uint8Array>,
  fail: (error: unknown) => void,
): Feed {
  const writer = new InputWriter(native);
  let stopped = false;
  let iterator: AsyncIterator<string | Uint8Array> | undefined;

  async function run(): Promise<void> {
    iterator = source[Symbol.asyncIterator]();
    for (let step = await iterator.next(); !step.done && !stopped; step = await iterator.next()) {
      const bytes = toBytes(step.value);
      if (!(await accepted(writer.write(bytes)))) return stop();
    }
    if (!stopped) await accepted(native.closeStdin());
  }
  function stop(): void {
    if (stopped) return;
    stopped = true;
    // Not waited for: a generator that is busy answers only after its next item.
    void Promise.resolve(iterator?.return?.()).catch(ignore);
  }

  run().then(
    () => (stopped = true),
    (error: unknown) => {
      if (stopped) return;
      stop();
      fail(error);
    },
  );
  return { stop };
}

/** False if the process does not read any more. */
async function accepted(writing: Promise<void> | undefined): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch {
    return false;
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new InvalidArgumentError(`stdin must give strings or Uint8Arrays, got ${describe(chunk)}`);
}

function ignore(): void {
  // Nothing to do: the process may be gone already, and its input with it.
}
