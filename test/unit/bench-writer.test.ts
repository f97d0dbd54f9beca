import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chooseWriter, compiledWriter, scriptWriter, shellWriter } from '../../lib/bench/drain-writer.js';
import { exitCodeOf, WrittenStream, type StreamName } from '../../lib/bench/written-stream.js';

const lines = 150;
const execution = 1234;

function expected(stream: StreamName, from = 1, to = lines): string {
  const written = new WrittenStream(stream, execution);
  return Array.from({ length: to - from + 1 }, (_, i) => `${written.line(from + i)}\n`).join('');
}

describe.each([
  ['the shell', shellWriter],
  ['the compiled program', compiledWriter],
])('%s', (_name, make) => {
  it.each(['burst', 'trickle', 'exit-race'] as const)(
    'writes both streams of %s and exits with the code',
    (pattern) => {
      const writer = make();
      if (writer === undefined) return;
      const { command, args } = writer.command(pattern, execution, lines);
      const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'latin1' });
      writer.dispose();
      expect(stdout === expected('stdout')).toBe(true);
      expect(stderr === expected('stderr')).toBe(true);
      expect(status).toBe(exitCodeOf(execution));
    },
  );
});

describe('a script', () => {
  it('is filled with the streams, parts of them, and the exit code', () => {
    const writer = scriptWriter(
      'stdout {stdout:1/3}; wait {code}; stdout {stdout:2/3}; stderr {stderr}; {other}',
    );
    const { command, args } = writer.command('burst', execution, lines);
    const quoted = (text: string) => `"${text.replaceAll('\n', '\\n')}"`;
    expect(command).toBe(
      `stdout ${quoted(expected('stdout', 1, 50))}; wait 34; stdout ${quoted(expected('stdout', 51, 100))}; ` +
        `stderr ${quoted(expected('stderr'))}; {other}`,
    );
    expect(args).toEqual([]);
  });

  it('has parts that are the whole together, also where they are not equal', () => {
    const { command } = scriptWriter('{stdout:1/4}{stdout:2/4}{stdout:3/4}{stdout:4/4}').command(
      'burst',
      execution,
      10,
    );
    expect(command.replaceAll('"', '').replaceAll('\\n', '\n')).toBe(expected('stdout', 1, 10));
  });
});

describe('the choice', () => {
  it('is the shell where the box does not share the files of this machine', () => {
    expect(chooseWriter('auto', false).name).toBe('/bin/sh');
    expect(chooseWriter('sh', true).name).toBe('/bin/sh');
  });

  it('is a script or a program where one is named', () => {
    expect(chooseWriter('script: exit {code}', false).command('burst', 3, 1)).toEqual({
      command: 'exit 3',
      args: [],
    });
    expect(chooseWriter('/opt/writer', false).command('trickle', 203, 7)).toEqual({
      command: '/opt/writer',
      args: ['trickle', '203', '7', '3'],
    });
  });
});
