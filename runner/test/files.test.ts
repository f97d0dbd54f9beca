import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect } from 'vitest';
import { extract, pack, type Header } from 'tar-stream';
import type { Answer } from './support/client.js';
import { test as base, type TestRunner } from './support/runner.js';

/** A folder that is gone after the test. */
const test = base.extend<{ folder: string; box: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'runner-files-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  box: async ({ runner }, use) => use(await runner.box()),
});

type Entry = Partial<Header> & { name: string; text?: string };

async function archive(entries: Entry[]): Promise<Buffer> {
  const packed = pack();
  for (const { text = '', ...header } of entries) packed.entry(header, text);
  packed.finalize();
  return bytesOf(packed as AsyncIterable<Buffer>);
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An archive's entries: name, type and text. */
async function entriesOf(bytes: Buffer): Promise<[string, string, string][]> {
  const found: [string, string, string][] = [];
  const archive = extract();
  Readable.from([bytes]).pipe(archive as never);
  for await (const entry of archive) {
    const text = (await bytesOf(entry as AsyncIterable<Buffer>)).toString();
    found.push([entry.header.name, entry.header.type, entry.header.linkname ?? text]);
  }
  return found;
}

function put(runner: TestRunner, box: string, path: string, body: Buffer, more = ''): Promise<Answer> {
  const headers = { 'content-type': 'application/x-tar' };
  return runner.call('PUT', `/v1/boxes/${box}/files?path=${encodeURIComponent(path)}${more}`, {
    body,
    headers,
  });
}

function get(runner: TestRunner, box: string, path: string, more = ''): Promise<Answer> {
  return runner.call('GET', `/v1/boxes/${box}/files?path=${encodeURIComponent(path)}${more}`, {
    headers: { accept: 'application/x-tar' },
  });
}

function code(answer: Answer): string {
  return `${answer.status} ${String((answer.json['error'] as { code: string }).code)}`;
}

describe('copy in', () => {
  test('a single file gets the name of the path', async ({ runner, box, folder }) => {
    const body = await archive([{ name: 'a.txt', mode: 0o640, text: 'hello' }]);
    const answer = await put(runner, box, `${folder}/deep/b.txt`, body);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(readFileSync(`${folder}/deep/b.txt`, 'utf8')).toBe('hello');
    expect(lstatSync(`${folder}/deep/b.txt`).mode & 0o777).toBe(0o640);
    expect((await runner.call('GET', `/v1/boxes/${box}`)).json['status']).toBe('running');
  });

  test('a single file goes into what ends in a slash or is a directory', async ({ runner, box, folder }) => {
    const body = await archive([{ name: 'a.txt', text: 'hello' }]);
    expect((await put(runner, box, `${folder}/new/`, body)).status).toBe(204);
    expect((await put(runner, box, folder, body)).status).toBe(204);
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'new']);
    expect(readdirSync(`${folder}/new`)).toEqual(['a.txt']);
  });

  test('a directory is merged, with modes and links', async ({ runner, box, folder }) => {
    writeFileSync(`${folder}/kept`, 'kept');
    const long = `${'n'.repeat(120)}/${'m'.repeat(150)}`;
    const body = await archive([
      { name: './', type: 'directory', mode: 0o755 },
      { name: './bin/', type: 'directory', mode: 0o700 },
      { name: './bin/run', mode: 0o755, text: '#!/bin/sh\n' },
      { name: './link', type: 'symlink', linkname: 'bin/run' },
      { name: './up', type: 'symlink', linkname: 'bin/../bin/run' },
      { name: './hard', type: 'link', linkname: 'bin/run' },
      { name: long, text: 'long' },
    ]);
    expect((await put(runner, box, folder, body)).status).toBe(204);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'hard', 'kept', 'link', 'n'.repeat(120), 'up']);
    expect(lstatSync(`${folder}/bin`).mode & 0o777).toBe(0o700);
    expect(lstatSync(`${folder}/bin/run`).mode & 0o777).toBe(0o755);
    expect(readlinkSync(`${folder}/link`)).toBe('bin/run');
    expect(readFileSync(`${folder}/hard`, 'utf8')).toBe('#!/bin/sh\n');
    expect(readFileSync(join(folder, long), 'utf8')).toBe('long');
  });

  test('without overwrite nothing that exists is changed', async ({ runner, box, folder }) => {
    writeFileSync(`${folder}/a`, 'old');
    const body = await archive([
      { name: './', type: 'directory' },
      { name: './a', text: 'new' },
      { name: './b', text: 'new' },
    ]);
    expect(code(await put(runner, box, folder, body, '&overwrite=false'))).toBe('409 already_exists');
    expect(readFileSync(`${folder}/a`, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
    expect((await put(runner, box, folder, body, '&overwrite=true')).status).toBe(204);
    expect(readFileSync(`${folder}/a`, 'utf8')).toBe('new');
  });

  test('20 MB go in as they came', async ({ runner, box, folder }) => {
    const text = 'x'.repeat(19_999_999);
    expect((await put(runner, box, `${folder}/big`, await archive([{ name: 'big', text }]))).status).toBe(
      204,
    );
    expect(lstatSync(`${folder}/big`).size).toBe(19_999_999);
  });

  const good = { name: './first', text: 'x' };
  test.for<[string, Entry[]]>([
    ['an absolute path', [good, { name: '/tmp/evil', text: 'x' }]],
    ['a path with ..', [good, { name: 'a/../../evil', text: 'x' }]],
    ['a path that is ..', [good, { name: '..', type: 'directory' }]],
    ['an absolute link', [good, { name: 'l', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a link that leads out', [good, { name: 'd/l', type: 'symlink', linkname: '../../x' }]],
    [
      'a link that leads out through another one',
      [
        { name: 'd/e/l', type: 'symlink', linkname: '../..' },
        { name: 'm', type: 'symlink', linkname: 'd/e/l/../x' },
      ],
    ],
    [
      'a link that leads out through a later one',
      [
        { name: 'm', type: 'symlink', linkname: 'd/e/l/../x' },
        { name: 'd/e/l', type: 'symlink', linkname: '../..' },
      ],
    ],
    ['a hard link that leads out', [good, { name: 'l', type: 'link', linkname: '/etc/passwd' }]],
    ['a hard link to nothing', [good, { name: 'l', type: 'link', linkname: 'later' }]],
    [
      'a write through a link',
      [
        { name: 'l', type: 'symlink', linkname: '.' },
        { name: 'l/x', text: 'x' },
      ],
    ],
    [
      'a write through a file',
      [
        { name: 'f', text: '' },
        { name: 'f/x', text: 'x' },
      ],
    ],
    [
      'a file where a directory was',
      [
        { name: 'd', type: 'directory' },
        { name: 'd', text: 'x' },
      ],
    ],
    ['a device', [good, { name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }]],
    ['a fifo', [good, { name: 'pipe', type: 'fifo' }]],
    ['a name that is too long', [good, { name: 'n'.repeat(300), text: 'x' }]],
  ])('%s is refused before anything is written', async ([, entries], { runner, box, folder }) => {
    const answer = await put(runner, box, folder, await archive(entries));
    expect(code(answer)).toBe('400 invalid_argument');
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('boxlite-runner-')).length).toBeLessThan(
      20,
    );
  });

  test('what is no complete archive is 400', async ({ runner, box, folder }) => {
    const whole = await archive([{ name: 'a', text: 'x'.repeat(5000) }]);
    for (const body of [
      Buffer.from('nonsense'.repeat(100)),
      Buffer.alloc(0),
      Buffer.alloc(1024),
      whole.subarray(0, 700),
      whole.subarray(0, 512 + 5120),
    ]) {
      expect(code(await put(runner, box, folder, body))).toBe('400 invalid_argument');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test.for([['?path='], ['?'], [''], ['?path=relative'], ['?path=/a&overwrite=perhaps'], ['?path=/a%00b']])(
    '%s is 400',
    async ([query], { runner, box }) => {
      const body = await archive([good]);
      expect(code(await runner.call('PUT', `/v1/boxes/${box}/files${query}`, { body }))).toBe(
        '400 invalid_argument',
      );
    },
  );

  test('a stopped box is 409, an unknown one 404', async ({ runner, box, folder }) => {
    const body = await archive([good]);
    await runner.call('POST', `/v1/boxes/${box}/start`);
    await runner.call('POST', `/v1/boxes/${box}/stop`);
    expect(code(await put(runner, box, folder, body))).toBe('409 stopped');
    expect(code(await get(runner, box, folder))).toBe('409 stopped');
    expect(code(await put(runner, 'none', folder, body))).toBe('404 not_found');
    expect(code(await get(runner, 'none', folder))).toBe('404 not_found');
  });
});

describe('copy out', () => {
  test('a file is exactly one entry', async ({ runner, box, folder }) => {
    writeFileSync(`${folder}/a`, 'text', { mode: 0o600 });
    const answer = await get(runner, box, `${folder}/a`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-tar']);
    expect(await entriesOf(answer.bytes)).toEqual([['a', 'file', 'text']]);
  });

  test('a directory with one file in it has its own entry first', async ({ runner, box, folder }) => {
    writeFileSync(`${folder}/only`, 'text');
    const { bytes } = await get(runner, box, folder);
    expect(await entriesOf(bytes)).toEqual([
      ['./', 'directory', ''],
      ['./only', 'file', 'text'],
    ]);
  });

  test('links are links, or what they lead to on request', async ({ runner, box, folder }) => {
    mkdirSync(`${folder}/d`);
    writeFileSync(`${folder}/d/f`, 'text');
    symlinkSync('d/f', `${folder}/l`);
    const names = (await entriesOf((await get(runner, box, folder)).bytes)).map(
      ([name, type]) => `${name} ${type}`,
    );
    expect(names).toEqual(['./ directory', './d/ directory', './d/f file', './l symlink']);
    const followed = await entriesOf((await get(runner, box, folder, '&follow_symlinks=true')).bytes);
    expect(followed.at(-1)).toEqual(['./l', 'file', 'text']);
  });

  test('a name that no archive can carry is said before the first byte', async ({ runner, box, folder }) => {
    mkdirSync(`${folder}/d`);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/d/`), Buffer.from([0xff])]), 'x');
    const answer = await get(runner, box, folder);
    expect(code(answer)).toBe('400 unsupported');
    expect((answer.json['error'] as { message: string }).message).toContain(`${folder}/d`);
  });

  test('what is not there is 404', async ({ runner, box, folder }) => {
    expect(code(await get(runner, box, `${folder}/nothing`))).toBe('404 not_found');
  });

  test('goes in again as it came out', async ({ runner, box, folder }) => {
    mkdirSync(`${folder}/from/empty`, { recursive: true });
    writeFileSync(`${folder}/from/bytes`, Buffer.from(Array.from({ length: 256 * 40 }, (_, i) => i % 256)));
    const { bytes } = await get(runner, box, `${folder}/from`);
    expect((await put(runner, box, `${folder}/to`, bytes)).status).toBe(204);
    expect(readFileSync(`${folder}/to/bytes`).equals(readFileSync(`${folder}/from/bytes`))).toBe(true);
    expect(existsSync(`${folder}/to/empty`)).toBe(true);
  });
});

describe('a transfer over the limit', () => {
  test.override({ settings: { limits: { fileTransferBytes: 100_000 } } });

  test('is 413, found out while it streams', async ({ runner, box, folder }) => {
    const body = await archive([{ name: 'a', text: 'x'.repeat(200_000) }]);
    expect(code(await put(runner, box, folder, body))).toBe('413 invalid_argument');
    const headers = { 'transfer-encoding': 'chunked' };
    const chunked = await runner.call('PUT', `/v1/boxes/${box}/files?path=${folder}`, { body, headers });
    expect(code(chunked)).toBe('413 invalid_argument');
    const links = await archive([
      { name: './a', text: 'x'.repeat(50_000) },
      { name: './b', type: 'link', linkname: './a' },
      { name: './c', type: 'link', linkname: './a' },
    ]);
    expect(code(await put(runner, box, folder, links))).toBe('413 invalid_argument');
    expect(readdirSync(folder)).toEqual([]);
    expect((await runner.call('GET', '/v1/config')).json['capabilities']['file_transfer_max_bytes']).toBe(
      100_000,
    );
  });
});
