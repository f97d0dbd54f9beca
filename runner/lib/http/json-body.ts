import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { HttpError } from './http-error.js';

/** How much of a body that is too long is read and thrown away, so that the answer reaches a caller who still sends. */
const lingerBytes = 64 * 1024 * 1024;
const lingerMs = 10_000;

/** A body as it came and as it is understood. */
export interface JsonBody {
  text: string;
  value: Record<string, unknown>;
}

/** Whether an absent body is as good as an empty object. */
export type EmptyBody = 'empty allowed' | 'required';

/**
 * The JSON object in a request's body, whatever its content type says.
 *
 * @throws HttpError 400 if it is no JSON object, 413 if it is longer than the limit.
 */
export async function readJsonBody(
  request: FastifyRequest,
  limitBytes: number,
  empty: EmptyBody,
): Promise<JsonBody> {
  const text = await readText(request.raw, limitBytes);
  if (text === '' && empty === 'empty allowed') return { text, value: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw HttpError.invalid(
      text === '' ? 'the body must be a JSON object, it is empty' : 'the body is not JSON',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw HttpError.invalid('the body must be a JSON object');
  }
  return { text, value: value as Record<string, unknown> };
}

async function readText(message: IncomingMessage, limitBytes: number): Promise<string> {
  if (Number(message.headers['content-length'] ?? 0) > limitBytes) throw tooLong(message, limitBytes);
  const bytes = await readBytes(message, limitBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw HttpError.invalid('the body is not UTF-8');
  }
}

function readBytes(message: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= limitBytes) return;
      message.off('data', onData);
      reject(tooLong(message, limitBytes));
    };
    message.on('data', onData);
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', () => reject(HttpError.invalid('the body ended early')));
    message.once('close', () => reject(HttpError.invalid('the body ended early')));
  });
}

function tooLong(message: IncomingMessage, limitBytes: number): HttpError {
  linger(message);
  return HttpError.invalid(`the body is longer than ${limitBytes} bytes`, 413);
}

/** Goes on reading for a while: closing a socket with unread bytes resets it, and the answer may be lost with it. */
export function linger(message: IncomingMessage): void {
  let left = lingerBytes;
  const timer = setTimeout(() => message.destroy(), lingerMs).unref();
  message.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) message.destroy();
  });
  message.once('close', () => clearTimeout(timer));
  message.resume();
}
