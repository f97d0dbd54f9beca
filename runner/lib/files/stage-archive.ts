import { constants } from 'node:fs';
import { chmod, link, mkdir, open, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable, Writable } from 'node:stream';
import { extract, type Extract, type Header } from 'tar-stream';
import { HttpError } from '../http/http-error.js';
import { checkLinkTarget, checkLinkWay, entryPath, shown } from './entry-path.js';

const block = 512;

/** What an archive was unpacked to. */
export interface Staged {
  /** The one file that is all of it, or the directory that has its contents. */
  path: string;
}

/** What may be unpacked, and what is known of it so far. */
interface Entry {
  kind: 'file' | 'directory' | 'link';
  mode: number;
  mtime: Date | undefined;
  size: number;
  /** Of a link. */
  target?: string;
}

/**
 * Unpacks an archive that nobody has looked at yet into an empty directory of ours. Nothing in it can lead a write to
 * another place: a path that goes through a link is refused, and so is a link that leads out.
 *
 * @param maxBytes - Of the archive, and of what it would be when its hard links are files of their own.
 * @throws HttpError 400 for what is no archive or a hostile one, 413 if it is too large.
 */
export async function stageArchive(source: Readable, directory: string, maxBytes: number): Promise<Staged> {
  const stage = new Stage(join(directory, 'root'), maxBytes);
  await mkdir(stage.root);
  const archive = extract();
  const reading = stage.read(archive);
  const sent = pipeline(stage.count(source), archive as unknown as Writable).then(
    () => undefined,
    (error: unknown) => error,
  );
  // Whichever fails first explains the other.
  const [failure] = await Promise.all([sent, reading.catch((error: unknown) => stage.fail(error, archive))]);
  stage.check(failure);
  return { path: await stage.finish() };
}

class Stage {
  readonly root: string;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #received = 0;
  #expanded = 0;
  #end = 0;
  #refusal: unknown;

  constructor(root: string, maxBytes: number) {
    this.root = root;
    this.#maxBytes = maxBytes;
  }

  /** What comes in, counted. The source outlives a failure: an answer is still to be sent on its connection. */
  async *count(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#received += chunk.length;
      if (this.#received > this.#maxBytes) throw tooLarge(this.#maxBytes);
      yield chunk;
    }
  }

  async read(archive: Extract): Promise<void> {
    for await (const entry of archive) {
      await this.#take(entry.header, entry as AsyncIterable<Buffer>);
      entry.resume();
    }
  }

  /** Keeps the reason and ends the reading. */
  fail(error: unknown, archive: { destroy(error?: Error): void }): void {
    this.#refusal = error;
    archive.destroy(error as Error);
  }

  /** @throws what went wrong, if anything did. */
  check(failure: unknown): void {
    const reason = failure instanceof HttpError ? failure : (this.#refusal ?? failure);
    if (reason instanceof HttpError) throw reason;
    if (isSystemError(reason)) throw reason;
    if (reason !== undefined) throw HttpError.invalid('the body is not a complete tar archive');
    if (this.#entries.size === 0 || this.#received < this.#end + block) {
      throw HttpError.invalid('the body is not a complete tar archive: its end is missing');
    }
    const isLink = (path: string): boolean => this.#entries.get(path)?.kind === 'link';
    for (const [path, { target }] of this.#entries) {
      if (target !== undefined) checkLinkWay(path, target, isLink);
    }
  }

  /** Sets what writing would have disturbed; gives the path to copy from. */
  async finish(): Promise<string> {
    const deepestFirst = [...this.#entries].reverse();
    for (const [path, { kind, mode, mtime }] of deepestFirst) {
      if (kind !== 'directory') continue;
      await chmod(join(this.root, path), mode);
      if (mtime) await utimes(join(this.root, path), mtime, mtime);
    }
    const [only] = this.#entries;
    const isOneFile = this.#entries.size === 1 && only?.[1].kind === 'file' && !only[0].includes('/');
    return isOneFile ? join(this.root, only[0]) : this.root;
  }

  async #take(header: Header & { byteOffset?: number }, content: AsyncIterable<Buffer>): Promise<void> {
    const path = entryPath(header.name);
    const { size, byteOffset = 0 } = header;
    this.#end = byteOffset + Math.ceil(size / block) * block;
    await this.#makeParents(path);
    const entry = { mode: header.mode & 0o7777, mtime: header.mtime, size };
    switch (header.type) {
      case 'file':
      case 'contiguous-file':
        return this.#file(path, { ...entry, kind: 'file' }, content);
      case 'directory':
        return this.#directory(path, { ...entry, kind: 'directory' });
      case 'symlink':
        return this.#symlink(path, header.linkname, { ...entry, kind: 'link' });
      case 'link':
        return this.#hardLink(path, header.linkname, entry);
      default:
        throw HttpError.invalid(`the archive's entry '${shown(path)}' is neither file, directory nor link`);
    }
  }

  async #makeParents(path: string): Promise<void> {
    const segments = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth++) {
      const parent = segments.slice(0, depth).join('/');
      const known = this.#entries.get(parent);
      if (known && known.kind !== 'directory') {
        throw HttpError.invalid(
          `the archive's entry '${shown(path)}' leads through '${shown(parent)}', no directory`,
        );
      }
      if (!known)
        await this.#directory(parent, { kind: 'directory', mode: 0o755, mtime: undefined, size: 0 });
    }
  }

  async #directory(path: string, entry: Entry): Promise<void> {
    const known = this.#entries.get(path);
    if (known && known.kind !== 'directory') throw twice(path);
    if (path !== '' && !known) await mkdir(join(this.root, path));
    this.#entries.set(path, entry);
  }

  async #file(path: string, entry: Entry, content: AsyncIterable<Buffer>): Promise<void> {
    await this.#makeRoom(path);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(join(this.root, path), flags, 0o600);
    try {
      for await (const chunk of content) await handle.writeFile(chunk);
      await handle.chmod(entry.mode);
      if (entry.mtime) await handle.utimes(entry.mtime, entry.mtime);
    } finally {
      await handle.close();
    }
    this.#entries.set(path, entry);
  }

  async #symlink(path: string, target: string, entry: Entry): Promise<void> {
    checkLinkTarget(path, target);
    await this.#makeRoom(path);
    await symlink(target, join(this.root, path));
    this.#entries.set(path, { ...entry, target });
  }

  async #hardLink(path: string, target: string, entry: Omit<Entry, 'kind'>): Promise<void> {
    const original = entryPath(target);
    const known = this.#entries.get(original);
    if (known?.kind !== 'file' || original === path) {
      throw HttpError.invalid(
        `the archive's link '${shown(path)}' is to '${shown(original)}', no file before it`,
      );
    }
    this.#expanded += known.size;
    if (this.#received + this.#expanded > this.#maxBytes) throw tooLarge(this.#maxBytes);
    await this.#makeRoom(path);
    await link(join(this.root, original), join(this.root, path));
    this.#entries.set(path, { ...entry, kind: 'file', size: known.size });
  }

  /** A later entry of the same name replaces an earlier one, as with tar; a directory is not replaced. */
  async #makeRoom(path: string): Promise<void> {
    if (path === '') throw twice('.');
    const known = this.#entries.get(path);
    if (known?.kind === 'directory') throw twice(path);
    if (known) await rm(join(this.root, path));
  }
}

function twice(path: string): HttpError {
  return HttpError.invalid(`the archive's entry '${shown(path)}' is a directory and something else`);
}

function tooLarge(maxBytes: number): HttpError {
  return HttpError.invalid(`the archive is larger than ${maxBytes} bytes`, 413);
}

/** A disk that is full, say: no fault of the archive. A name that is too long is one. */
function isSystemError(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall !== undefined && code !== 'ENAMETOOLONG' && code !== 'ECONNRESET';
}
