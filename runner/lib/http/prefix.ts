const resourceWords = new Set(['boxes', 'images', 'volumes', 'metrics']);

/** Where a request's path leads once its prefix is taken away. */
export interface Target {
  /** The URL without prefix, query included. */
  url: string;
  /** The prefix it carried, empty if none. */
  prefix: string;
}

/**
 * Takes the routing prefix out of `/v1/{prefix}/boxes/…`: the first segment after `/v1` that is a resource word ends
 * it. Other URLs have none.
 */
export function splitPrefix(url: string): Target {
  const [path = '', query] = cut(url, '?');
  const segments = path.split('/');
  if (segments[0] !== '' || segments[1] !== 'v1') return { url, prefix: '' };
  const resource = segments.findIndex((segment, index) => index >= 2 && resourceWords.has(segment));
  if (resource <= 2) return { url, prefix: '' };
  const rest = ['', 'v1', ...segments.slice(resource)].join('/');
  return {
    url: query === undefined ? rest : `${rest}?${query}`,
    prefix: segments.slice(2, resource).join('/'),
  };
}

/** Whether a runner that serves `configured` serves this prefix as well; without one it ignores what comes. */
export function servesPrefix(configured: string | undefined, prefix: string): boolean {
  return prefix === '' || configured === undefined || prefix === configured;
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
