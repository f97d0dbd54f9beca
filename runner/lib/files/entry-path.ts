import { posix } from 'node:path';
import { HttpError } from '../http/http-error.js';

/**
 * The path of an archive's entry relative to the place it is unpacked to, empty for that place itself.
 *
 * @throws HttpError 400 if it is absolute or leads through `..`.
 */
export function entryPath(name: string): string {
  if (name === '' || name.includes('\0'))
    throw HttpError.invalid('the archive has an entry without a usable name');
  if (name.startsWith('/')) throw HttpError.invalid(`the archive's entry '${shown(name)}' is absolute`);
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw HttpError.invalid(`the archive's entry '${shown(name)}' contains '..'`);
  return segments.join('/');
}

/**
 * Refuses a symbolic link that leads out of the archive.
 *
 * @param path - Of the link itself, as {@link entryPath} gives it.
 */
export function checkLinkTarget(path: string, target: string): void {
  const outside = HttpError.invalid(
    `the archive's link '${shown(path)}' points outside, to '${shown(target)}'`,
  );
  if (target === '' || target.includes('\0') || target.startsWith('/')) throw outside;
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (resolved === '..' || resolved.startsWith('../')) throw outside;
}

/**
 * Refuses a link that climbs after it went through another one: from there `..` leads somewhere else than it says.
 *
 * @param isLink - Of a path in the whole archive.
 */
export function checkLinkWay(path: string, target: string, isLink: (path: string) => boolean): void {
  const way = path.split('/').slice(0, -1);
  let through = false;
  for (const step of target.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') {
      way.push(step);
      through ||= isLink(way.join('/'));
    } else if (through) {
      throw HttpError.invalid(`the archive's link '${shown(path)}' leads through another link and up again`);
    } else way.pop();
  }
}

export function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
