import { BoxliteError, register } from './errors.js';

/** Something went wrong that has no code of its own; `errno` may be a number that the table does not know. */
export class InternalError extends BoxliteError {
  static override readonly errno = 1;
}
register(InternalError, 'InternalError');

/** No such box or execution. */
export class NotFoundError extends BoxliteError {
  static override readonly errno = 2;
}
register(NotFoundError, 'NotFoundError');

/** The name is taken. */
export class AlreadyExistsError extends BoxliteError {
  static override readonly errno = 3;
}
register(AlreadyExistsError, 'AlreadyExistsError');

/** The operation does not fit the state that its object is in. */
export class InvalidStateError extends BoxliteError {
  static override readonly errno = 4;
}
register(InvalidStateError, 'InvalidStateError');

/** An argument is wrong; the message names it, what it was and what was expected. */
export class InvalidArgumentError extends BoxliteError {
  static override readonly errno = 5;
}
register(InvalidArgumentError, 'InvalidArgumentError');

/** Options that contradict each other, or credentials that a server refused. */
export class ConfigError extends BoxliteError {
  static override readonly errno = 6;
}
register(ConfigError, 'ConfigError');

/** The home directory, its lock or a disk failed. */
export class StorageError extends BoxliteError {
  static override readonly errno = 7;
}
register(StorageError, 'StorageError');

/** An image could not be resolved or pulled. */
export class ImageError extends BoxliteError {
  static override readonly errno = 8;
}
register(ImageError, 'ImageError');

/** The network failed. */
export class NetworkError extends BoxliteError {
  static override readonly errno = 9;
}
register(NetworkError, 'NetworkError');

/** A program or its working directory does not exist, or it may not be run. */
export class ExecutionError extends BoxliteError {
  static override readonly errno = 10;
}
register(ExecutionError, 'ExecutionError');

/** The box was stopped, or the runtime was closed. */
export class StoppedError extends BoxliteError {
  static override readonly errno = 11;
}
register(StoppedError, 'StoppedError');

/** The hypervisor reported a failure. */
export class EngineError extends BoxliteError {
  static override readonly errno = 12;
}
register(EngineError, 'EngineError');

/** The engine cannot do this. */
export class UnsupportedError extends BoxliteError {
  static override readonly errno = 13;
}
register(UnsupportedError, 'UnsupportedError');

/** The record of boxes failed. */
export class DatabaseError extends BoxliteError {
  static override readonly errno = 14;
}
register(DatabaseError, 'DatabaseError');

/** The connection to the inside of a box failed. */
export class PortalError extends BoxliteError {
  static override readonly errno = 15;
}
register(PortalError, 'PortalError');

/** The inside of a box refused a call. */
export class RpcError extends BoxliteError {
  static override readonly errno = 16;
}
register(RpcError, 'RpcError');

/** The connection to the inside of a box was lost. */
export class RpcTransportError extends BoxliteError {
  static override readonly errno = 17;
}
register(RpcTransportError, 'RpcTransportError');

/** A stored record is corrupt. */
export class MetadataError extends BoxliteError {
  static override readonly errno = 18;
}
register(MetadataError, 'MetadataError');

/** No usable engine on this platform, or a library that cannot be spoken to. */
export class UnsupportedEngineError extends BoxliteError {
  static override readonly errno = 19;
}
register(UnsupportedEngineError, 'UnsupportedEngineError');

/** A limit was reached. */
export class ResourceExhaustedError extends BoxliteError {
  static override readonly errno = 20;
}
register(ResourceExhaustedError, 'ResourceExhaustedError');

/** The session is gone; start a new execution. */
export class SessionReapedError extends BoxliteError {
  static override readonly errno = 21;
}
register(SessionReapedError, 'SessionReapedError');
