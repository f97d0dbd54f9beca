import type { BoxliteErrorCode } from 'boxlite-ffi';

/** What engines put in front of the message of each kind, by the C ABI. */
const prefixes: Readonly<Record<BoxliteErrorCode, readonly string[]>> = {
  internal: ['internal error: '],
  not_found: ['box not found: ', 'not found: '],
  already_exists: ['already exists: '],
  invalid_state: ['invalid state: '],
  invalid_argument: ['invalid argument: '],
  config: ['configuration error: '],
  storage: ['storage error: '],
  image: ['images error: '],
  network: ['network error: '],
  execution: ['Execution error: '],
  stopped: ['stopped: '],
  engine: ['engine reported an error: '],
  unsupported: ['unsupported: '],
  database: ['database error: '],
  portal: ['portal error: '],
  rpc: ['gRPC/tonic error: '],
  rpc_transport: ['gRPC transport error: '],
  metadata: ['metadata error: '],
  unsupported_engine: ['unsupported engine kind: '],
  resource_exhausted: ['resource exhausted: '],
  session_reaped: ['session reaped: '],
};

/** A message without its kind, which clients put in front themselves. What follows from it is only how it reads. */
export function bareMessage(code: BoxliteErrorCode, message: string): string {
  const prefix = prefixes[code].find((candidate) => message.startsWith(candidate));
  return prefix === undefined ? message : message.slice(prefix.length);
}
