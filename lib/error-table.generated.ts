// Generated from errors.json by scripts/generate-errors.cjs: do not edit, run `npm run generate`.

/** Every code of the C ABI. */
export const errorTable = [
  { errno: 1, code: 'internal', className: 'InternalError', httpStatus: 500 },
  { errno: 2, code: 'not_found', className: 'NotFoundError', httpStatus: 404 },
  { errno: 3, code: 'already_exists', className: 'AlreadyExistsError', httpStatus: 409 },
  { errno: 4, code: 'invalid_state', className: 'InvalidStateError', httpStatus: 409 },
  { errno: 5, code: 'invalid_argument', className: 'InvalidArgumentError', httpStatus: 400 },
  { errno: 6, code: 'config', className: 'ConfigError', httpStatus: 500 },
  { errno: 7, code: 'storage', className: 'StorageError', httpStatus: 500 },
  { errno: 8, code: 'image', className: 'ImageError', httpStatus: 422 },
  { errno: 9, code: 'network', className: 'NetworkError', httpStatus: 503 },
  { errno: 10, code: 'execution', className: 'ExecutionError', httpStatus: 422 },
  { errno: 11, code: 'stopped', className: 'StoppedError', httpStatus: 409 },
  { errno: 12, code: 'engine', className: 'EngineError', httpStatus: 503 },
  { errno: 13, code: 'unsupported', className: 'UnsupportedError', httpStatus: 400 },
  { errno: 14, code: 'database', className: 'DatabaseError', httpStatus: 500 },
  { errno: 15, code: 'portal', className: 'PortalError', httpStatus: 503 },
  { errno: 16, code: 'rpc', className: 'RpcError', httpStatus: 503 },
  { errno: 17, code: 'rpc_transport', className: 'RpcTransportError', httpStatus: 503 },
  { errno: 18, code: 'metadata', className: 'MetadataError', httpStatus: 500 },
  { errno: 19, code: 'unsupported_engine', className: 'UnsupportedEngineError', httpStatus: 400 },
  { errno: 20, code: 'resource_exhausted', className: 'ResourceExhaustedError', httpStatus: 429 },
  { errno: 21, code: 'session_reaped', className: 'SessionReapedError', httpStatus: 410 },
] as const;

/** One code of the C ABI. */
export type ErrorRow = (typeof errorTable)[number];

/** One word for each code of the C ABI. */
export type BoxliteErrorCode = ErrorRow['code'];
