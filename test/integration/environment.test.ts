import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Runtime } from '../../lib/index.js';
import { test } from './support.js';

test('a box does not see the variables of the program that opened it', async () => {
  process.env['BOXLITE_TEST_SECRET'] = 'hunter2';
  try {
    await using runtime = await Runtime.open({ engine: 'embedded' });
    const box = await runtime.create();
    expect((await box.run('env')).stdout).not.toContain('hunter2');
  } finally {
    delete process.env['BOXLITE_TEST_SECRET'];
  }
});

test("the box's variables reach every command, and a command's own win", async ({ runtime }) => {
  const box = await runtime.create({ env: { A: 'box', B: 'box', EMPTY: '' } });
  const script = 'echo "$A $B ${EMPTY-unset} $UNICODE"';
  expect((await box.run('/bin/sh', ['-c', script], { env: { B: 'command', UNICODE: 'ü€' } })).stdout).toBe(
    'box command  ü€\n',
  );
  expect((await box.run('/bin/sh', ['-c', script])).stdout).toBe('box box  \n');
});

test('arguments arrive as they are', async ({ box }) => {
  const args = ['', ' ', '$HOME', "it's", '"', '*', 'a\nb', 'ü€😀', '--', '-n'];
  const { stdout } = await box.run('printf', ['<%s>', ...args]);
  expect(stdout).toBe(args.map((arg) => `<${arg}>`).join(''));
});

test("the working directory is the box's, or the command's", async ({ runtime }) => {
  const box = await runtime.create({ workingDir: '/usr' });
  expect((await box.run('pwd')).stdout).toBe('/usr\n');
  expect((await box.run('pwd', [], { workingDir: '/etc' })).stdout).toBe('/etc\n');
});

test('a command is scheduled as the program that runs it', async ({ box }) => {
  // Of stat(5), behind the name in parentheses: the nice value is field 19, the policy field 41.
  const fields = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields(readFileSync('/proc/self/stat', 'utf8'));
  const its = fields((await box.run('cat', ['/proc/self/stat'])).stdout);
  expect([its[19 - 3], its[41 - 3]]).toEqual([own[19 - 3], own[41 - 3]]);
});
