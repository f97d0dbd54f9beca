import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { program } from './support.js';

/** Runs a program to its own end; it is a failure if it has none. */
async function output(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const hung = setTimeout(() => child.kill('SIGQUIT'), 40_000);
  const ending = await once(child, 'close');
  clearTimeout(hung);
  expect([...ending, text]).toEqual([0, null, text]);
  return text;
}

describe('the event loop', () => {
  test.each([
    ['pending', 'done\nexit 0\n'],
    ['unref', 'done\n'],
    ['ref', 'done\nexit\n'],
    ['ended', 'done\n'],
    ['unasked', 'done\n'],
  ])('%s', async (name, expected) => {
    expect(await output(program('loop.cjs'), name)).toBe(expected);
  });
});

describe('executions that nobody holds are collected', () => {
  test.each(['unread', 'waited', 'streamed', 'lines'])('%s', async (way) => {
    // The last one may still be on a stack somewhere.
    expect(Number(await output('--expose-gc', program('garbage.cjs'), way))).toBeGreaterThanOrEqual(95);
  });
});
