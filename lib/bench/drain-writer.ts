import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '../error-classes.js';
import { exitCodeOf, WrittenStream, type StreamName } from './written-stream.js';

/** How one command writes. */
export type WritingPattern = 'burst' | 'trickle' | 'exit-race';

export interface WriterCommand {
  command: string;
  args: string[];
}

/** The program that runs in the box. */
export interface DrainWriter {
  /** For the report. */
  readonly name: string;
  command(pattern: WritingPattern, execution: number, lines: number): WriterCommand;
  dispose(): void;
}

/**
 * For any box that has a `/bin/sh` (a micro-VM with Alpine too): built-ins only, but for `sleep`. The check is made by
 * the shell's own arithmetic; a block is put together in a variable, because a command substitution would cost a fork.
 */
const script = `
pattern=$1 execution=$2 lines=$3 code=$4
f=abcdefghijklmnopqrstuvwxyz0123456789AB
nl='
'
x=$((1000000 + execution)) o=$((execution * 2 % 65521)) e=$(((execution * 2 + 1) % 65521))
case $pattern in trickle) per=1 ;; burst) per=64 ;; *) per=$lines ;; esac
n=0 k=0 a= b=
while [ $n -lt $lines ]; do
  n=$((n + 1)) k=$((k + 1))
  o=$(((o * 31 + n) % 65521)) e=$(((e * 31 + n) % 65521))
  a="$a"o\\ $x\\ $((1000000 + n))\\ $((100000 + o))\\ $f$nl
  b="$b"e\\ $x\\ $((1000000 + n))\\ $((100000 + e))\\ $f$nl
  if [ $k -eq $per ] || [ $n -eq $lines ]; then
    printf %s "$a"
    printf %s "$b" >&2
    k=0 a= b=
    if [ $per -eq 1 ] && [ $((n % 16)) -eq 0 ] && [ $n -lt $lines ]; then sleep 0; fi
  fi
done
exit $code
`;

function argumentsFor(pattern: WritingPattern, execution: number, lines: number): string[] {
  return [pattern, String(execution), String(lines), String(exitCodeOf(execution))];
}

/** The shell script. */
export function shellWriter(): DrainWriter {
  return {
    name: '/bin/sh',
    command: (pattern, execution, lines) => ({
      command: '/bin/sh',
      args: ['-c', script, 'drain-writer', ...argumentsFor(pattern, execution, lines)],
    }),
    dispose: () => undefined,
  };
}

/** A program of the box that takes `PATTERN EXECUTION LINES EXIT_CODE` and writes the stream. */
export function programWriter(path: string, name = path): DrainWriter {
  return {
    name,
    command: (pattern, execution, lines) => ({
      command: path,
      args: argumentsFor(pattern, execution, lines),
    }),
    dispose: () => undefined,
  };
}

/** Begins a writer that is a script for an engine whose commands are scripts. */
const scripted = 'script:';

/**
 * For an engine that runs no programs and takes what it is to do as the command, as the fault engine of the tests
 * does. In the script `{stdout}` and `{stderr}` stand for the stream in quotes, `{stdout:1/3}` for a third of it, `{code}`
 * for the exit code. The pattern changes nothing.
 *
 * @example
 * scriptWriter('stdout {stdout}; stderr {stderr:1/2}; wait {code}; stderr {stderr:2/2}; exit {code}')
 */
export function scriptWriter(template: string): DrainWriter {
  return {
    name: `script: ${template}`,
    command: (_pattern, execution, lines) => ({
      command: template.replace(
        /\{(?:(code)|(stdout|stderr)(?::(\d+)\/(\d+))?)\}/g,
        (_all, code: string | undefined, stream: StreamName, part = '1', parts = '1') =>
          code === undefined
            ? quotedPart(stream, execution, lines, Number(part), Number(parts))
            : String(exitCodeOf(execution)),
      ),
      args: [],
    }),
    dispose: () => undefined,
  };
}

function quotedPart(
  stream: StreamName,
  execution: number,
  lines: number,
  part: number,
  parts: number,
): string {
  const written = new WrittenStream(stream, execution);
  const first = Math.floor(((part - 1) * lines) / parts) + 1;
  const last = Math.floor((part * lines) / parts);
  let text = '';
  for (let n = first; n <= last; n++) text += `${written.line(n)}\\n`;
  return `"${text}"`;
}

/** The package's folder: `lib/bench` and `dist/bench` are equally deep. */
const source = join(__dirname, '..', '..', 'scripts', 'drain-writer.c');

/** The same in C, compiled into a temporary folder; undefined where there is no compiler. */
export function compiledWriter(): DrainWriter | undefined {
  if (!existsSync(source)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'boxlite-drain-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  const binary = join(folder, 'drain-writer');
  try {
    execFileSync('cc', ['-O2', '-static', source, '-o', binary], { stdio: 'ignore' });
  } catch {
    dispose();
    return undefined;
  }
  return { ...programWriter(binary, 'compiled by cc'), dispose };
}

/**
 * @param choice - `'auto'`, `'sh'`, `'compiled'`, `'script:…'`, or the path of a program in the box.
 * @param sharesFiles - Whether the box sees the files of this machine.
 * @throws InvalidArgumentError if `'compiled'` cannot be had.
 */
export function chooseWriter(choice: string, sharesFiles: boolean): DrainWriter {
  if (choice === 'sh') return shellWriter();
  if (choice.startsWith(scripted)) return scriptWriter(choice.slice(scripted.length).trim());
  if (choice !== 'auto' && choice !== 'compiled') return programWriter(choice);
  const compiled = sharesFiles ? compiledWriter() : undefined;
  if (compiled === undefined && choice === 'compiled') {
    const reason = sharesFiles
      ? 'there is no C compiler here'
      : 'the box does not share the files of this machine';
    throw new InvalidArgumentError(
      `writer cannot be 'compiled': ${reason}; use 'sh' or a program of the box`,
    );
  }
  return compiled ?? shellWriter();
}
