/**
 * The typed contract of the compiled addon: what `csrc/node` exports and `lib/` builds upon.
 *
 * Every promise rejects with an error made by the factory that was given to {@link Addon.configure}.
 * Arguments are checked here for their JavaScript type only; ranges and shapes are `lib/`'s business.
 */

/** One output stream of an execution: 1 is stdout, 2 is stderr. */
export type StreamNumber = 1 | 2;

/** How an engine is told to open, everything defaulted. */
export interface NativeRuntimeOptions {
  /** Path of a libboxlite shared object; without it the embedded engine is used. */
  libraryPath?: string;
  /** The engine's home; without it a library uses its own default, the embedded engine a private temporary one. */
  homeDir?: string;
  /** Whether the embedded engine may run a box that names an image on the host's file system. */
  useHostForImages?: boolean;
  /** Speak to a library whose symbols match no known generation. */
  allowUntestedVersion?: boolean;
  imageRegistries?: NativeImageRegistry[];
}

export interface NativeImageRegistry {
  host: string;
  /** Plain HTTP instead of HTTPS. */
  http?: boolean;
  skipVerify?: boolean;
  search?: boolean;
  username?: string;
  password?: string;
  bearerToken?: string;
}

export interface NativeEngineInfo {
  kind: 'embedded' | 'library';
  version: string;
  /** The ABI generation that the symbols tell: '0.9.7', '0.10-dev', '0.10', 'next' or 'untested'. */
  generation: string;
  path?: string;
  isolation: 'none' | 'namespaces' | 'vm' | 'remote';
  capabilities: string[];
}

export interface NativeBoxOptions {
  /** '' asks for the engine's default. */
  image: string;
  name?: string;
  rootfsPath?: string;
  cpus?: number;
  memoryMib?: number;
  diskSizeGb?: number;
  workingDir?: string;
  /** k0, v0, k1, v1, … */
  env?: string[];
  user?: string;
  entrypoint?: string[];
  cmd?: string[];
  volumes?: { hostPath: string; guestPath: string; readOnly: boolean }[];
  ports?: { guestPort: number; hostPort: number; protocol: 'tcp' | 'udp'; hostIp?: string }[];
  /** `enabled` undefined leaves the engine's default; `allow` restricts outbound traffic. */
  outbound?: { enabled?: boolean; allow?: string[] };
  inbound?: { enabled?: boolean; allow?: string[] };
  secrets?: { name: string; value: string; hosts: string[]; placeholder?: string }[];
  sandbox?: boolean;
  capabilitiesAdd?: string[];
  capabilitiesDrop?: string[];
  detach?: boolean;
  autoRemove: boolean;
  autoStopSeconds?: number;
  autoDeleteSeconds?: number;
  autoResume?: boolean;
}

export interface NativeBoxInfo {
  id: string;
  name?: string;
  image: string;
  status: string;
  running: boolean;
  pid?: number;
  cpus: number;
  memoryMib: number;
  autoStopSeconds: number;
  autoDeleteSeconds: number;
  autoResume: boolean;
  /** Unix milliseconds. */
  createdAt: number;
  /** Unix milliseconds; engines after 0.10 only. */
  startedAt?: number;
  lastActivityAt?: number;
  network?: {
    enabled: boolean;
    allow: string[];
    publishedPorts?: { guestPort: number; hostPort: number; hostIp?: string; protocol: 'tcp' | 'udp' }[];
  };
}

export interface NativeCommand {
  command: string;
  args?: string[];
  /** k0, v0, k1, v1, … */
  env?: string[];
  workingDir?: string;
  user?: string;
  /** Milliseconds; absent: no deadline. */
  timeoutMs?: number;
  tty?: boolean;
  /** Initial terminal size, both or neither. */
  cols?: number;
  rows?: number;
  /** The command finds the end of its input at once; the execution's stdin is closed from the start. */
  noStdin?: boolean;
  /**
   * For who only waits for the end: the promise of the start may resolve up to some milliseconds late, to be told
   * together with the end of a command that is over by then. Exit does not wait for readers to attach.
   */
  quietStart?: boolean;
  /** Ceiling in bytes of what is kept for one stream; default 1 GiB. */
  maxBufferedBytes?: number;
}

/** What an engine has counted of a box; what it does not know is 0. */
export interface NativeBoxMetrics {
  /** Of one processor: 200 are two. */
  cpuPercent: number;
  memoryBytes: number;
  commandsExecuted: number;
  execErrors: number;
  /** Into standard input. */
  bytesSent: number;
  /** From standard output and error. */
  bytesReceived: number;
  createDurationMs: number;
  bootDurationMs: number;
  networkBytesSent: number;
  networkBytesReceived: number;
  networkTcpConnections: number;
  networkTcpErrors: number;
}

/** What an engine has counted since it was opened. */
export interface NativeRuntimeMetrics {
  boxesCreated: number;
  boxesFailed: number;
  runningBoxes: number;
  commandsExecuted: number;
  execErrors: number;
}

/** How files are copied; everything has a default of false. */
export interface NativeCopyOptions {
  /** Fail with AlreadyExists, changing nothing, if a file that would be written exists. */
  keepExisting?: boolean;
  /** Copy what links within the tree lead to, not the links. */
  followSymlinks?: boolean;
}

/** What the engine had handed over when its raw wait answered. */
export interface NaiveCounts {
  stdoutBytes: number;
  stderrBytes: number;
}

/** The end of an execution, as the C ABI tells it. */
export interface NativeExit {
  /** 0 to 255, or −n for signal n; −1 with `error` when the end could not be learned. */
  exitCode: number;
  error?: Error;
  /** The deadline had passed and the process ended by TERM or KILL. */
  timedOut: boolean;
  /** From the start of the process to its end, in milliseconds. */
  durationMs: number;
}

export interface NativeRuntime {
  readonly engine: NativeEngineInfo;
  createBox(options: NativeBoxOptions): Promise<NativeBox>;
  getOrCreateBox(options: NativeBoxOptions): Promise<{ box: NativeBox; created: boolean }>;
  get(idOrName: string): Promise<NativeBox>;
  getInfo(idOrName: string): Promise<NativeBoxInfo>;
  listInfo(): Promise<NativeBoxInfo[]>;
  remove(idOrName: string, force: boolean): Promise<void>;
  metrics(): Promise<NativeRuntimeMetrics>;
  /**
   * Ends executions, stops boxes that are not detached, frees everything. Idempotent.
   * @param timeoutMs - Grace for each box; absent: the engine's own.
   */
  close(timeoutMs?: number): Promise<void>;
}

export interface NativeBox {
  readonly id: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  info(): Promise<NativeBoxInfo>;
  /** A libboxlite boots a box that does not run for this. */
  metrics(): Promise<NativeBoxMetrics>;
  copyIn(hostPath: string, boxPath: string, options?: NativeCopyOptions): Promise<void>;
  copyOut(boxPath: string, hostPath: string, options?: NativeCopyOptions): Promise<void>;
  exec(command: NativeCommand): Promise<NativeExecution>;
  /** Gives the engine's handle back; the box itself stays. Idempotent. */
  free(): void;
  /** The same; resolves when the engine has it. */
  giveBack(): Promise<void>;
}

/**
 * One running command. A stream has at most one reader: either a callback (`onStdout`, `onStderr`), or a
 * puller (`attach` and `read`), or both streams together (`attachBoth` and `readAny`). A second reader throws
 * InvalidState. Bytes that came before a reader are kept for it.
 */
export interface NativeExecution {
  readonly id: string;
  /** True from the moment the end is delivered. */
  readonly exited: boolean;
  /** It has ended, and the engine's handle was given back: there is nothing left to close. */
  readonly released: boolean;
  /** It was closed, perhaps by the end of its runtime, before a reader had been given all of its stream. */
  readonly cutOff: boolean;
  /**
   * What a consumer would have got who takes the engine's raw wait for the end of the output; undefined until that
   * wait has answered. For measuring engines: nothing here depends on it.
   */
  readonly naive: NaiveCounts | undefined;
  /** Chunks that the engine brought after the end of their stream; they were dropped. */
  readonly lateChunks: number;
  onStdout(callback: (chunk: Buffer) => void): void;
  onStderr(callback: (chunk: Buffer) => void): void;
  /** Exactly once, after the last chunk of both streams; at once (next turn) when it was delivered before. */
  onExit(callback: (exit: NativeExit) => void): void;
  /**
   * Resolves after `onExit`, also when the end could not be learned (then `error` is set).
   * @param drain - false: as soon as the process is gone and its bytes are captured, whoever reads.
   */
  wait(drain?: boolean): Promise<NativeExit>;
  /** Holds the callbacks of one stream back; for callback readers only. */
  pause(stream: StreamNumber): void;
  resume(stream: StreamNumber): void;
  /** Makes the caller the stream's puller. `onReadable` is called (once for each empty `read`) when a read may give more. */
  attach(stream: StreamNumber, onReadable: () => void): void;
  /**
   * At most `maxBytes`; null after the end of the stream; undefined when there is nothing yet. Throws Stopped when the
   * runtime was closed before all was read, and Storage when spilled output can't be read back.
   */
  read(stream: StreamNumber, maxBytes: number): Buffer | null | undefined;
  /** Makes the caller the reader of both streams, in order of arrival. */
  attachBoth(onReadable: () => void): void;
  readAny(maxBytes: number): { stream: StreamNumber; data: Buffer } | null | undefined;
  /**
   * Makes the caller the stream's reader, who wants all of it as one value of at most `maxBytes` (default: no bound);
   * it is read to its end without a call. `onExit` and `wait` are not held up.
   */
  gather(stream: StreamNumber, maxBytes?: number): void;
  /**
   * After the end, once: what was gathered; with a `tail`, the last 4 KiB that came, where `maxBytes` cut the rest off.
   * null if the reader has left.
   */
  takeGathered(stream: StreamNumber): Buffer | { head: Buffer; tail: Buffer } | null;
  /** The reader leaves: what the stream still brings is discarded. Idempotent; also without a reader. */
  leave(stream: StreamNumber): void;
  /** Resolves when the process's pipe has taken the bytes, where the engine can tell; else when they are queued. */
  write(data: Uint8Array): Promise<void>;
  /**
   * Writes what the process's pipe takes at once and keeps nothing of the others; returns how many bytes that were. 0 as
   * well where the engine can't, where earlier bytes are queued, and where `write` would reject.
   */
  tryWrite(data: Uint8Array): number;
  closeStdin(): Promise<void>;
  signal(signal: number): Promise<void>;
  kill(): Promise<void>;
  resize(cols: number, rows: number): Promise<void>;
  /** Kills if running, discards unread output, answers pending waits, releases everything. Idempotent. */
  close(): Promise<void>;
  /** Whether a running execution keeps the event loop alive; it does at first. */
  ref(): void;
  unref(): void;
}

/** One function of the C ABI and what the addon does with it. */
export interface AbiCoverageRow {
  symbol: string;
  kind: 'core' | 'optional' | 'extension';
  /** The generations that export it, of '0.9.5', '0.9.7', '0.10-dev', '0.10' and 'next'. */
  generations: string[];
  /** Whether the addon calls it. */
  bound: boolean;
  /** Why not, where it does not. */
  reason?: string;
}

export type ErrorFactory = (errno: number, message: string, operation: string) => Error;

export interface Addon {
  /** Sets how native failures become JavaScript errors in this environment. */
  configure(factory: ErrorFactory): void;
  openRuntime(options: NativeRuntimeOptions): Promise<NativeRuntime>;
  /** The version of the embedded engine. */
  engineVersion(): string;
  abiCoverage(): AbiCoverageRow[];
  /** Ends everything of this environment synchronously: what an 'exit' listener calls. Idempotent. */
  shutdown(): void;
}
