// Compiled, never run: what must compile, and what must not.
import type { Readable, Writable } from 'node:stream';
import {
  BoxliteError,
  isBoxliteError,
  NotFoundError,
  Runtime,
  type Box,
  type BoxInfo,
  type BoxliteErrorCode,
  type EngineInfo,
  type Execution,
  type ExitStatus,
  type RunResult,
} from 'boxlite-ffi';
import { openRuntime, type NativeExecution, type NativeExit } from 'boxlite-ffi/native';

export async function runtimes(): Promise<void> {
  const runtime: Runtime = await Runtime.open();
  await Runtime.open({
    engine: { library: '/usr/lib/libboxlite.so' },
    homeDir: '/h',
    localImagePolicy: 'host',
  });
  // @ts-expect-error: a typing error in a word
  await Runtime.open({ engine: 'embeded' });
  // @ts-expect-error: an unknown option
  await Runtime.open({ home: '/x' });
  // @ts-expect-error: made by open() only
  new Runtime();

  const engine: EngineInfo = runtime.engine;
  // @ts-expect-error: read-only
  engine.capabilities[0] = 'x';

  const { box, created }: { box: Box; created: boolean } = await runtime.getOrCreate({ name: 'n' });
  void created;
  // @ts-expect-error: without a name there is nothing to get
  await runtime.getOrCreate({});
  const found: Box | undefined = await runtime.find('x');
  // @ts-expect-error: it may not be there
  found.id satisfies string;
  const list: BoxInfo[] = await runtime.list();
  list[0]?.createdAt satisfies Date | undefined;
  await runtime.remove(box.id, { force: true });
  (await runtime.metrics()).boxesStoppedTotal satisfies number | undefined;
  await runtime.close({ timeoutMs: 5 });
  const disposable: AsyncDisposable = runtime;
  void disposable;
}

export async function boxes(box: Box): Promise<void> {
  const execution: Execution = await box.exec('ls', ['-l'] as const, { tty: { cols: 80, rows: 24 } });
  (await box.metrics()).networkBytesSent satisfies number | undefined;
  await box.copyIn('./src', '/work', { overwrite: false });
  await box.copyOut('/work/out', '.', { followSymlinks: true });
  // @ts-expect-error: an option that does not exist
  await box.copyIn('./src', '/work', { recursive: true });
  // @ts-expect-error: arguments are an array
  await box.exec('ls', '-l');
  // @ts-expect-error: of strings
  await box.exec('ls', [1]);
  // @ts-expect-error: an option of run
  await box.exec('ls', [], { maxBytes: 1 });
  // @ts-expect-error: a terminal has both sides
  await box.exec('ls', [], { tty: { cols: 80 } });
  await box.exec('cat', [], { stdin: execution.stdout, signal: AbortSignal.timeout(5) });

  const text = await box.run('ls');
  text.stdout satisfies string;
  const bytes = await box.run('ls', [], { encoding: 'buffer' });
  bytes.stdout satisfies Buffer;
  const either: RunResult = text;
  either.stdout satisfies string | Buffer;
  // @ts-expect-error: read-only
  box.id = 'x';
  box.name satisfies string | undefined;
  await box.stop({ timeoutMs: 0 });
}

export async function executions(execution: Execution): Promise<void> {
  const stdin: Writable = execution.stdin;
  const stdout: Readable = execution.stdout;
  void [stdin, stdout];
  execution.on('exit', (status) => status satisfies ExitStatus);
  execution.once('close', () => undefined);
  // @ts-expect-error: an event that does not exist
  execution.on('exti', () => undefined);
  for await (const line of execution.lines('stderr')) line satisfies string;
  for await (const { stream, data } of execution.output()) {
    stream satisfies 'stdout' | 'stderr';
    data satisfies Buffer;
  }
  const status = await execution.wait({ drain: false });
  // @ts-expect-error: null if it died from a signal
  status.exitCode satisfies number;
  status.signal satisfies NodeJS.Signals | null;
  await execution.kill('SIGTERM');
  // @ts-expect-error: no such signal
  await execution.kill('SIGNOPE');
  await execution.resize({ cols: 1, rows: 1 });
  execution.ref().unref() satisfies Execution;
}

export function errors(thrown: unknown): void {
  if (isBoxliteError(thrown, 'not_found')) thrown.errno satisfies number;
  // @ts-expect-error: no such code
  isBoxliteError(thrown, 'nope');
  if (thrown instanceof NotFoundError) thrown.code satisfies BoxliteErrorCode;
  BoxliteError.from(thrown).httpStatus satisfies number;
}

export async function native(): Promise<void> {
  const runtime = await openRuntime({});
  const box = await runtime.createBox({ image: '', autoRemove: false });
  const execution: NativeExecution = await box.exec({ command: 'true' });
  execution.onExit((exit: NativeExit) => exit.exitCode satisfies number);
  // @ts-expect-error: there are two streams
  execution.pause(3);
}
