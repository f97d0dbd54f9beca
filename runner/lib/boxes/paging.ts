import { HttpError } from '../http/http-error.js';
import type { BoxBody } from './box-body.js';

/** One page of boxes, and where the next one begins. */
export interface Page {
  boxes: BoxBody[];
  next_page_token: string | null;
}

/** Where a box stands in the order of pages, which no other box's coming or going changes. */
type Key = readonly [createdAt: string, id: string];

const keyOf = (box: BoxBody): Key => [box.created_at, box.box_id];

/**
 * Cuts a list into pages. Without a size everything is one page.
 *
 * @throws HttpError 400 for a size or a token that is none.
 */
export function page(boxes: BoxBody[], size: string | undefined, token: string | undefined): Page {
  const most = size === undefined ? Infinity : readSize(size);
  const after = token === undefined ? undefined : readToken(token);
  const sorted = [...boxes].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const rest = after === undefined ? sorted : sorted.filter((box) => compare(keyOf(box), after) > 0);
  const shown = rest.slice(0, most);
  const last = shown.at(-1);
  return { boxes: shown, next_page_token: last && rest.length > shown.length ? tokenOf(keyOf(last)) : null };
}

function readSize(text: string): number {
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > 1000) throw HttpError.invalid('pageSize must be a whole number from 1 to 1000');
  return size;
}

function tokenOf(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readToken(token: string): Key {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')) {
      return [value[0] as string, value[1] as string];
    }
  } catch {
    // Falls through: it is no token of ours.
  }
  throw HttpError.invalid('pageToken must be the next_page_token of an earlier answer');
}

function compare([atA, idA]: Key, [atB, idB]: Key): number {
  if (atA !== atB) return atA < atB ? -1 : 1;
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}
