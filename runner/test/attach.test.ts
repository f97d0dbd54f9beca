import { describe, expect } from 'vitest';
import { test } from './support/runner.js';

describe('attach', () => {
  test('gives the output, the exit frame and close 1000', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'echo out; echo err >&2; exit 3');
    const client = await runner.attach(box, execution);
    expect(await client.end()).toEqual({ exitCode: 3, code: 1000 });
    expect(client.bytes(1).toString()).toBe('out\n');
    expect(client.bytes(2).toString()).toBe('err\n');
    expect(client.frames[0]).toHaveProperty('ping');
    expect(client.story().endsWith(' exit')).toBe(true);
  });
});
