import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable, type Writable } from 'node:stream';
import { UnsupportedError } from 'boxlite-ffi';
import { pack, type Pack } from 'tar-stream';

/**
 * A file or a directory as an archive: a file as its one entry, a directory as `./` and then everything below it.
 * A failure breaks the stream off; it never ends tidily then.
 *
 * @param name - What a single file is called in it.
 */
export function packArchive(path: string, name: string): Readable {
  const archive = pack();
  fill(archive, path, name).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error as Error),
  );
  return Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
}

/**
 * Looks at the names before the first byte is sent: what cannot be written into an archive could only be shown by
 * breaking the connection off.
 *
 * @throws UnsupportedError naming the place of a name that is not UTF-8.
 */
export async function checkNames(path: string, shownPath: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
    const name = entry.name.toString();
    if (!Buffer.from(name).equals(entry.name))
      throw new UnsupportedError(`a name in ${shownPath} is not UTF-8: ${name}`);
    if (entry.isDirectory()) await checkNames(join(path, name), `${shownPath}/${name}`);
  }
}

async function fill(archive: Pack, path: string, name: string): Promise<void> {
  const status = await lstat(path);
  if (!status.isDirectory()) return addEntry(archive, path, basename(name));
  await addEntry(archive, path, './');
  await addContents(archive, path, './');
}

async function addContents(archive: Pack, directory: string, prefix: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    await addEntry(archive, path, `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    if (entry.isDirectory()) await addContents(archive, path, `${prefix}${entry.name}/`);
  }
}

async function addEntry(archive: Pack, path: string, name: string): Promise<void> {
  const { mode, mtime, size, ...status } = await lstat(path).then((stats) => ({
    mode: stats.mode & 0o7777,
    mtime: stats.mtime,
    size: stats.size,
    isDirectory: stats.isDirectory(),
    isLink: stats.isSymbolicLink(),
  }));
  if (status.isDirectory) return write(archive, { name, mode, mtime, type: 'directory' });
  if (status.isLink)
    return write(archive, { name, mode, mtime, type: 'symlink', linkname: await readlink(path) });
  const content = archive.entry({ name, mode, mtime, size, type: 'file' });
  await pipeline(createReadStream(path), content as unknown as Writable);
}

function write(archive: Pack, header: Parameters<Pack['entry']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}
