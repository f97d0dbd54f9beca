import { constants } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Box } from '../box.js';
import type { BoxOptions } from '../box-options.js';
import { isBoxliteError } from '../errors.js';
import type { ExecOptions } from '../exec-options.js';
import type { Execution } from '../execution.js';
import type { ExitStatus } from '../exit-status.js';
import { printJson, reportFailure } from './report.js';
import { addRuntimeFlags, openRuntime, type RuntimeFlags } from './runtime-flags.js';

interface RunFlags extends RuntimeFlags {
  image?: string;
  env?: Record<string, string>;
  workdir?: string;
  user?: string;
  timeout?: number;
  tty?: boolean;
  json?: boolean;
}

/** What shells answer for a program that cannot be started, and Docker for a failure of its own. */
const cannotStart = 127;
const ownFailure = 125;

/** `boxlite-ffi run`: one command in a box of its own; the exit code is the command's. */
export function runCommand(): Command {
  return addRuntimeFlags(new Command('run'), 'temporary')
    .description('run a command in a new box, which is removed afterwards')
    .argument('<command>', 'a program, looked up in the PATH of the box')
    .argument('[args...]', 'its arguments')
    .option('--image <image>', 'what the box starts from')
    .option('-e, --env <name=value>', 'a variable; may be given again', readVariable)
    .option('-w, --workdir <dir>', 'where the command starts')
    .option('-u, --user <user>', 'name or uid, optionally :group')
    .option('--timeout <seconds>', 'ends the command after so many seconds', readSeconds)
    .option('-t, --tty', 'give it a terminal')
    .option('--json', 'print one JSON object with its output and end')
    .passThroughOptions()
    .action(run);
}

async function run(command: string, args: string[], flags: RunFlags): Promise<void> {
  try {
    await using runtime = await openRuntime(flags, 'temporary');
    await using box = await runtime.create(boxOptions(flags));
    process.exitCode = flags.json
      ? await collect(box, command, args, flags)
      : await stream(box, command, args, flags);
  } catch (error) {
    reportFailure(error);
    process.exitCode = isBoxliteError(error, 'execution') ? cannotStart : ownFailure;
  }
}

function boxOptions({ image }: RunFlags): BoxOptions {
  return image === undefined ? {} : { image };
}

function execOptions(flags: RunFlags): ExecOptions {
  const { env, workdir, user, timeout } = flags;
  return {
    ...(env ? { env } : {}),
    ...(workdir === undefined ? {} : { workingDir: workdir }),
    ...(user === undefined ? {} : { user }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
}

async function collect(box: Box, command: string, args: string[], flags: RunFlags): Promise<number> {
  const stdin = process.stdin.isTTY ? 'ignore' : process.stdin;
  const result = await box.run(command, args, { ...execOptions(flags), stdin });
  printJson(result);
  return exitCode(result);
}

/** Joins the command's streams to ours; signals that reach us are handed on to it. */
async function stream(box: Box, command: string, args: string[], flags: RunFlags): Promise<number> {
  const { columns: cols = 80, rows = 24 } = process.stdout;
  const tty = flags.tty ? { tty: { cols, rows } } : {};
  const execution = await box.exec(command, args, { ...execOptions(flags), ...tty, stdin: process.stdin });
  const undo = [relaySignals(execution), flags.tty ? joinTerminal(execution) : () => undefined];
  try {
    await Promise.all([
      pipeline(execution.stdout, process.stdout, { end: false }),
      pipeline(execution.stderr, process.stderr, { end: false }),
    ]);
    return exitCode(await execution.wait());
  } finally {
    for (const step of undo) step();
    process.stdin.unref?.();
  }
}

function relaySignals(execution: Execution): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const relay = (signal: NodeJS.Signals): void => void execution.kill(signal).catch(() => undefined);
  for (const signal of signals) process.on(signal, relay);
  return () => signals.forEach((signal) => process.off(signal, relay));
}

function joinTerminal(execution: Execution): () => void {
  const { stdin, stdout } = process;
  const resize = (): void =>
    void execution.resize({ cols: stdout.columns, rows: stdout.rows }).catch(() => undefined);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdout.on('resize', resize);
  return () => {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdout.off('resize', resize);
  };
}

/** As shells have it: 128 and the signal's number. */
function exitCode({ exitCode, signal }: ExitStatus): number {
  return exitCode ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
}

function readVariable(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must be NAME=VALUE');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new InvalidArgumentError('must be a positive number of seconds');
  return seconds;
}
