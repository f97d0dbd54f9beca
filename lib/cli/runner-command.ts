import { Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../error-classes.js';
import type { Runtime } from '../runtime.js';
import { addRuntimeFlags, openRuntime, type RuntimeFlags } from './runtime-flags.js';

interface RunnerFlags extends RuntimeFlags {
  listen: { host: string; port: number };
  apiKey?: string;
  pathPrefix?: string;
  grace: number;
  logLevel?: string;
  allowUnprotected?: boolean;
}

/** As much of the runner as this command uses: it is a package of its own, which may be missing. */
interface RunnerModule {
  createRunner(options: {
    runtime: Runtime;
    host: string;
    port: number;
    apiKey?: string;
    pathPrefix?: string;
    allowUnprotected: boolean;
    logger: object | false;
  }): Promise<{ listen(): Promise<string>; close(options: { graceMs: number }): Promise<void> }>;
}

/** `boxlite-ffi runner`: serves the boxes of a home over HTTP until it is told to end. */
export function runnerCommand(): Command {
  return addRuntimeFlags(new Command('runner'), 'kept')
    .description('serve boxes over HTTP and WebSocket')
    .option('--listen <host:port>', 'where to listen; port 0: any', readAddress, {
      host: '127.0.0.1',
      port: 8100,
    })
    .option('--api-key <key>', 'the bearer token that callers must show (default: $BOXLITE_API_KEY)')
    .option('--path-prefix <prefix>', 'the one routing prefix that is served')
    .option('--grace <seconds>', 'how long attached clients may finish when it ends', readSeconds, 10)
    .option('--log-level <level>', 'log to standard error: debug, info, warn, error')
    .option('--allow-unprotected', 'listen beyond this machine without a key')
    .action(serve);
}

async function serve(flags: RunnerFlags): Promise<void> {
  const { createRunner } = await loadRunner();
  const runtime = await openRuntime(flags, 'kept');
  try {
    const apiKey = flags.apiKey ?? (process.env['BOXLITE_API_KEY'] || undefined);
    const runner = await createRunner({
      runtime,
      ...flags.listen,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(flags.pathPrefix === undefined ? {} : { pathPrefix: flags.pathPrefix }),
      allowUnprotected: flags.allowUnprotected ?? false,
      logger: flags.logLevel === undefined ? false : { level: flags.logLevel, stream: process.stderr },
    });
    const told = untilTold();
    process.stdout.write(`listening on ${await runner.listen()}\n`);
    await told;
    await runner.close({ graceMs: flags.grace * 1000 });
  } finally {
    await runtime.close();
  }
  // What a client left half open must not keep a service alive that was told to end.
  process.exit();
}

async function loadRunner(): Promise<RunnerModule> {
  // Not a literal: this package compiles before that one.
  const name: string = 'boxlite-ffi-runner';
  try {
    return (await import(name)) as RunnerModule;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError(`the runner is a package of its own; install it with: npm install ${name}`);
  }
}

/** Resolves at the first SIGTERM or SIGINT; the second one ends the process at once. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    const onSignal = (): void => {
      if (told) process.exit(1);
      told = true;
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function readAddress(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65535)
    throw new InvalidArgumentError('must be HOST:PORT, as 127.0.0.1:8100');
  return { host, port };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text === '' || !Number.isFinite(seconds) || seconds < 0) {
    throw new InvalidArgumentError('must be a number of seconds');
  }
  return seconds;
}
