import { isBoxliteError } from 'boxlite-ffi';
import { checkSignal } from '../exec/signals.js';
import { HttpError } from '../http/http-error.js';

/** What a client's text frame asks for. */
export type Control =
  { type: 'stdin_eof' } | { type: 'resize'; cols: number; rows: number } | { type: 'signal'; sig: number };

/** @throws HttpError with a sentence for the client, if the frame is none of these. */
export function readControl(text: string): Control {
  const frame = parse(text);
  switch (frame['type']) {
    case 'stdin_eof':
      return { type: 'stdin_eof' };
    case 'resize':
      return { type: 'resize', cols: side(frame, 'cols'), rows: side(frame, 'rows') };
    case 'signal': {
      const sig = positive(frame, 'sig');
      checkSignal(sig);
      return { type: 'signal', sig };
    }
    default:
      throw HttpError.invalid("a text frame's type must be stdin_eof, resize or signal");
  }
}

/** What a client may be told of a failure. */
export function controlFailure(error: unknown): string {
  return error instanceof HttpError || isBoxliteError(error) ? error.message : 'an unexpected failure';
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw HttpError.invalid('a text frame must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw HttpError.invalid('a text frame must be a JSON object');
  }
  return value as Record<string, unknown>;
}

function side(frame: Record<string, unknown>, name: string): number {
  const value = positive(frame, name);
  if (value > 65535) throw HttpError.invalid(`${name} must be a whole number from 1 to 65535`);
  return value;
}

function positive(frame: Record<string, unknown>, name: string): number {
  const value = frame[name];
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw HttpError.invalid(`${name} must be a positive whole number`);
}
