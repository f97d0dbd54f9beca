export { Runtime } from './runtime.js';
export type { ImageRegistry, RuntimeOptions } from './runtime-options.js';
export type { EngineInfo } from './engine.js';
export { Box } from './box.js';
export type {
  BoxOptions,
  HealthCheckOptions,
  NetworkRule,
  PortMapping,
  Secret,
  SecurityOptions,
  VolumeMount,
} from './box-options.js';
export type { CopyOptions } from './copy-options.js';
export type { BoxInfo, BoxNetworkInfo, BoxStatus } from './box-info.js';
export type { BoxMetrics, RuntimeMetrics } from './metrics.js';
export { Execution } from './execution.js';
export type { ExecutionEvents } from './execution-events.js';
export type { ExecOptions, RunOptions, StdinSource, TerminalSize } from './exec-options.js';
export type { ExitStatus } from './exit-status.js';
export type { OutputChunk } from './readers.js';
export type { RunResult } from './run.js';
export { BoxliteError, isBoxliteError } from './errors.js';
export type { BoxliteErrorCode, BoxliteErrorOptions } from './errors.js';
export { AbortError, CommandFailedError } from './call-errors.js';
export type { FailedCommand } from './call-errors.js';
export {
  AlreadyExistsError,
  ConfigError,
  DatabaseError,
  EngineError,
  ExecutionError,
  ImageError,
  InternalError,
  InvalidArgumentError,
  InvalidStateError,
  MetadataError,
  NetworkError,
  NotFoundError,
  PortalError,
  ResourceExhaustedError,
  RpcError,
  RpcTransportError,
  SessionReapedError,
  StoppedError,
  StorageError,
  UnsupportedEngineError,
  UnsupportedError,
} from './error-classes.js';
