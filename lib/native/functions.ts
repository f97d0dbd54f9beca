import { invalid } from '../options.js';
import type {
  AbiCoverageRow,
  NativeBox,
  NativeBoxInfo,
  NativeBoxMetrics,
  NativeBoxOptions,
  NativeCopyOptions,
  NativeRuntime,
  NativeRuntimeMetrics,
  NativeRuntimeOptions,
  NativeCommand,
  NativeExecution,
} from './addon.js';
import { addon } from './load.js';

/**
 * Opens an engine: the embedded one, or the libboxlite at `libraryPath`.
 *
 * @throws UnsupportedEngineError if the library cannot be spoken to; InternalError if the home is in use.
 * @example
 * const runtime = await openRuntime({});
 * const box = await createBox(runtime, { image: '', autoRemove: false });
 * const execution = await boxExec(box, { command: 'uname' });
 * execution.onStdout((chunk) => process.stdout.write(chunk));
 * execution.onExit(({ exitCode }) => console.log(exitCode));
 */
export async function openRuntime(options: NativeRuntimeOptions = {}): Promise<NativeRuntime> {
  return addon().openRuntime(options);
}

/** The version of the embedded engine. */
export function engineVersion(): string {
  return addon().engineVersion();
}

/** Every function of the C ABI, and what the addon does with it. */
export function abiCoverage(): AbiCoverageRow[] {
  return addon().abiCoverage();
}

/** Makes a box; it boots with its first command. */
export async function createBox(runtime: NativeRuntime, options: NativeBoxOptions): Promise<NativeBox> {
  return theRuntime(runtime).createBox(options);
}

/** The box of that name, or a new one. */
export async function getOrCreateBox(
  runtime: NativeRuntime,
  options: NativeBoxOptions,
): Promise<{ box: NativeBox; created: boolean }> {
  return theRuntime(runtime).getOrCreateBox(options);
}

/** A handle by id, name or unambiguous start of an id. */
export async function get(runtime: NativeRuntime, idOrName: string): Promise<NativeBox> {
  return theRuntime(runtime).get(idOrName);
}

/** What the engine tells of one box. */
export async function getInfo(runtime: NativeRuntime, idOrName: string): Promise<NativeBoxInfo> {
  return theRuntime(runtime).getInfo(idOrName);
}

/** What the engine tells of all boxes. */
export async function listInfo(runtime: NativeRuntime): Promise<NativeBoxInfo[]> {
  return theRuntime(runtime).listInfo();
}

/** Removes a box; a running one only with `force`. */
export async function remove(runtime: NativeRuntime, idOrName: string, force = false): Promise<void> {
  return theRuntime(runtime).remove(idOrName, force);
}

/** What the engine has counted since it was opened. */
export async function runtimeMetrics(runtime: NativeRuntime): Promise<NativeRuntimeMetrics> {
  return theRuntime(runtime).metrics();
}

/** Ends executions, stops boxes that are not detached, frees everything. */
export async function runtimeShutdown(runtime: NativeRuntime, timeoutMs?: number): Promise<void> {
  return theRuntime(runtime).close(timeoutMs);
}

/** Boots a box. */
export async function startBox(box: NativeBox): Promise<void> {
  return theBox(box).start();
}

/** Stops a box; its handle is spent then. */
export async function stopBox(box: NativeBox): Promise<void> {
  return theBox(box).stop();
}

/** The box's id. */
export function boxId(box: NativeBox): string {
  return theBox(box).id;
}

/** What the engine tells of the handle's box. */
export async function boxInfo(box: NativeBox): Promise<NativeBoxInfo> {
  return theBox(box).info();
}

/** What the engine has counted of a box. A libboxlite boots one that does not run for this. */
export async function boxMetrics(box: NativeBox): Promise<NativeBoxMetrics> {
  return theBox(box).metrics();
}

/** Copies a file or the contents of a folder of the host into a box. */
export async function copyInto(
  box: NativeBox,
  hostPath: string,
  boxPath: string,
  options?: NativeCopyOptions,
): Promise<void> {
  return theBox(box).copyIn(hostPath, boxPath, options);
}

/** Copies a file or the contents of a folder out of a box. */
export async function copyOut(
  box: NativeBox,
  boxPath: string,
  hostPath: string,
  options?: NativeCopyOptions,
): Promise<void> {
  return theBox(box).copyOut(boxPath, hostPath, options);
}

/** Starts a command in a box. */
export async function boxExec(box: NativeBox, command: NativeCommand): Promise<NativeExecution> {
  return theBox(box).exec(command);
}

/** Gives the handle back; the box itself stays. */
export function boxFree(box: NativeBox): void {
  theBox(box).free();
}

/** The runtime, checked: what a mistaken caller passes is no reason for a TypeError from within. */
function theRuntime(runtime: NativeRuntime): NativeRuntime {
  return having(runtime, 'createBox', 'runtime', 'a NativeRuntime');
}

function theBox(box: NativeBox): NativeBox {
  return having(box, 'exec', 'box', 'a NativeBox');
}

/** The value if it is an object with that method. */
export function having<T>(value: T, method: keyof T & string, name: string, expected: string): T {
  const isIt = typeof value === 'object' && value !== null && typeof value[method] === 'function';
  if (!isIt) throw invalid(name, expected, value);
  return value;
}
