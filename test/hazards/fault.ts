import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { Runtime, type Box, type Execution, type RuntimeOptions } from '../../lib/index.js';

/** Without cmake there is no fault engine, and the tests that need it are skipped; if it does not build, they fail. */
const canBuild = !spawnSync('cmake', ['--version']).error;

/** The fault engine as one generation of the ABI; see test/native/fault-engine/README.md for what its scripts say. */
export function engine(generation = '0.10'): { library: string } {
  return { library: join(__dirname, '..', '..', 'out', 'fault', 'fault', `fault-${generation}.so`) };
}

export function openFault(options: RuntimeOptions = {}): Promise<Runtime> {
  return Runtime.open({ engine: engine(), ...options });
}

const extended = base.extend<{ runtime: Runtime; box: Box }>({
  // vitest wants the destructuring pattern even where nothing is taken from it.
  runtime: async ({}, use) => {
    const runtime = await openFault();
    await use(runtime);
    await runtime.close({ timeoutMs: 1000 });
  },
  box: async ({ runtime }, use) => {
    const box = await runtime.create();
    await box.start();
    await use(box);
  },
});

/** A test with a runtime of its own on the fault engine, and a started box in it. */
export const test = canBuild ? extended : (extended.skip as unknown as typeof extended);

/** A box that behaves as its script says. */
export function scripted(runtime: Runtime, script: string): Promise<Box> {
  return runtime.create({ image: `fault: ${script}` });
}

let gates = 0;

/** A gate that nobody else holds anything by. */
export function newGate(): string {
  return `gate-${process.pid}-${gates++}`;
}

/** Opens a gate. Works also while no event is drained: it is done before `exec` returns. */
export async function release(box: Box, gate: string): Promise<void> {
  await box.exec(`early; release ${gate}; end 0`);
}

/** What the engine was called with, line by line. */
export async function calls(box: Box): Promise<string[]> {
  return (await box.run('early; show log; end 0')).stdout.trim().split('\n');
}

/** How many handles of a kind are out, the one that asks not counted. */
export async function living(box: Box, kind: 'boxes' | 'executions' | 'options'): Promise<number> {
  const { stdout } = await box.run('early; show living; end 0');
  return Number(new RegExp(`^${kind} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
}

/**
 * What an execution tells to one who reads both streams: what each gave before the end, then the end, in order. What
 * comes after the exit is marked: it must not.
 */
export async function story(execution: Execution): Promise<string[]> {
  const told: string[] = [];
  const before = { stdout: '', stderr: '' };
  const tellOutput = (): void => {
    if (told.length > 0) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      if (before[stream] !== '') told.push(`${stream}:${before[stream]}`);
    }
  };
  for (const stream of ['stdout', 'stderr'] as const) {
    execution[stream].on('data', (chunk: Buffer) => {
      if (told.length === 0) before[stream] += chunk.toString();
      else told.push(`late ${stream}:${chunk.toString()}`);
    });
  }
  execution.on('exit', ({ exitCode, signal }) => {
    tellOutput();
    told.push(`exit:${exitCode ?? signal}`);
  });
  const ending = await execution.wait().then(
    ({ exitCode, signal }) => `wait:${exitCode ?? signal}`,
    (error: Error) => `wait:${error.name}`,
  );
  tellOutput();
  told.push(ending);
  // Whatever the engine still says, it says before the handle is given back.
  await execution.close();
  return told;
}

/** The bytes of `stdout N` and `flood`: lines of 16, each the offset at which it stands. */
export function pattern(bytes: number): Buffer {
  const lines = Math.ceil(bytes / 16);
  const text = Array.from({ length: lines }, (_, i) => `${(i * 16).toString(16).padStart(15, '0')}\n`).join(
    '',
  );
  return Buffer.from(text.slice(0, bytes));
}

export async function bytesOf(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk as Buffer);
  return Buffer.concat(parts);
}

/** What a promise was rejected with. */
export function failure(promise: Promise<unknown>): Promise<Error & { errno?: number; operation?: string }> {
  return promise.then(
    (value) => Promise.reject(new Error(`expected a rejection, got ${String(value)}`)),
    (error: Error) => error,
  );
}
