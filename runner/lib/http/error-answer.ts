import { isBoxliteError, type BoxliteErrorCode } from 'boxlite-ffi';
import { bareMessage } from './bare-message.js';
import { HttpError } from './http-error.js';

/** What an error's answer says; the status comes with it. */
export interface ErrorAnswer {
  status: number;
  type: string;
  code: string;
  message: string;
  headers: Readonly<Record<string, string>>;
}

/** The envelope that every error answer carries. */
export interface ErrorBody {
  error: { message: string; type: string; code: string; request_id?: string };
}

/** How each code of the C ABI is called on the wire. Its status stands with the error class. */
const wire: Readonly<Record<BoxliteErrorCode, readonly [type: string, code: string]>> = {
  internal: ['InternalError', 'internal'],
  not_found: ['NotFoundError', 'not_found'],
  already_exists: ['AlreadyExistsError', 'already_exists'],
  invalid_state: ['InvalidStateError', 'invalid_state'],
  invalid_argument: ['InvalidArgumentError', 'invalid_argument'],
  config: ['ConfigError', 'config_error'],
  storage: ['StorageError', 'storage_error'],
  image: ['ImageError', 'image_pull_failed'],
  network: ['NetworkError', 'network_unavailable'],
  execution: ['ExecutionError', 'execution_failed'],
  stopped: ['StoppedError', 'stopped'],
  engine: ['EngineError', 'engine_unavailable'],
  unsupported: ['UnsupportedError', 'unsupported'],
  database: ['DatabaseError', 'database_error'],
  portal: ['UpstreamUnavailableError', 'upstream_unavailable'],
  rpc: ['UpstreamUnavailableError', 'upstream_unavailable'],
  rpc_transport: ['UpstreamUnavailableError', 'upstream_unavailable'],
  metadata: ['MetadataError', 'metadata_error'],
  unsupported_engine: ['UnsupportedError', 'unsupported'],
  resource_exhausted: ['ResourceExhaustedError', 'resource_exhausted'],
  session_reaped: ['SessionReapedError', 'session_reaped'],
};

/** The answer for anything that was thrown. Decided by type alone, never by a message. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof HttpError) return error;
  if (isBoxliteError(error)) {
    const [type, code] = wire[error.code];
    const message = bareMessage(error.code, error.message);
    return { status: error.httpStatus, type, code, message, headers: {} };
  }
  // Its text is for the log: it may name files or values that are none of the caller's business.
  const [type, code] = wire.internal;
  return { status: 500, type, code, message: 'an unexpected failure; the log has more', headers: {} };
}

export function errorBody({ message, type, code }: ErrorAnswer, requestId: string): ErrorBody {
  return { error: { message, type, code, request_id: requestId } };
}
