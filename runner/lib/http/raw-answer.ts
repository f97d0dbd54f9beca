import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { errorBody } from './error-answer.js';
import { HttpError } from './http-error.js';

/** Answers what the HTTP parser could not read as a request, on the bare socket. */
export function answerClientError(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const id = randomUUID();
  const body = JSON.stringify(errorBody(refusal, id));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // What the caller still sends is thrown away, so that the answer is not lost to a reset.
  socket.resume();
  setTimeout(() => socket.destroy(), 1000).unref();
}

function refusalOf(code: string | undefined): HttpError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return HttpError.invalid('the request line and headers are too long', 431);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return HttpError.invalid('the chunk extensions are too long', 413);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return HttpError.invalid('the request did not arrive in time', 408);
    default:
      return HttpError.invalid('this is not HTTP/1.1');
  }
}
