import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { Runtime, type Box, type Execution } from '../../lib/index.js';

/** Where the programs are that boxes run and that run boxes. */
export function program(name: string): string {
  return join(__dirname, 'programs', name);
}

/** A test with a runtime of its own on the embedded engine, and a box in it. */
export const test = base.extend<{ runtime: Runtime; box: Box }>({
  // vitest wants the destructuring pattern even where nothing is taken from it.
  runtime: async ({}, use) => {
    const runtime = await Runtime.open({ engine: 'embedded' });
    await use(runtime);
    await runtime.close();
  },
  box: async ({ runtime }, use) => {
    await use(await runtime.create());
  },
});

export function sh(box: Box, script: string, ...rest: unknown[]): Promise<Execution> {
  return box.exec('/bin/sh', ['-c', script], ...(rest as []));
}

/** The first line; its reader leaves then. */
export async function firstLine(execution: Execution): Promise<string | undefined> {
  for await (const line of execution.lines()) return line;
  return undefined;
}

/** Everything that an execution tells, in order; data as the reader handles it. */
export function listen(execution: Execution): string[] {
  const story: string[] = [];
  execution.on('exit', ({ exitCode, signal }) => story.push(`exit:${exitCode ?? signal}`));
  execution.on('close', () => story.push('close'));
  return story;
}

export async function bytesOf(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk as Buffer);
  return Buffer.concat(parts);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
