import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import {
  AlreadyExistsError,
  InvalidArgumentError,
  InvalidStateError,
  NotFoundError,
  StoppedError,
  UnsupportedError,
} from '../../lib/index.js';
import { test as base } from './support.js';

/** A folder of the host, and one that only the box is told of; both gone after the test. */
const test = base.extend<{ host: string; inBox: string }>({
  host: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'copy-host-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  inBox: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'copy-box-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const modeOf = (...path: string[]) => lstatSync(join(...path)).mode & 0o7777;

/** Writes files by relative path; a text that begins with '-> ' is a symbolic link. */
function write(folder: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), path);
    else writeFileSync(path, text);
  }
  return folder;
}

/** Every path below a folder, through no link; what is temporary must not be among them. */
function tree(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? [path, ...tree(folder, path)] : [path];
    })
    .sort();
}

describe('a file', () => {
  test('gets the name that is asked for, its parents made', async ({ box, host, inBox }) => {
    write(host, { a: 'bytes' });
    await box.copyIn(join(host, 'a'), join(inBox, 'x/y/b'));
    expect((await box.run('cat', [join(inBox, 'x/y/b')])).stdout).toBe('bytes');
    expect(tree(inBox)).toEqual(['x', 'x/y', 'x/y/b']);
  });

  test('goes into what ends in a slash, made or not, and into a directory', async ({ box, host, inBox }) => {
    write(host, { a: 'bytes' });
    mkdirSync(join(inBox, 'is'));
    symlinkSync('is', join(inBox, 'link'));
    await box.copyIn(join(host, 'a'), `${inBox}/new/`);
    await box.copyIn(join(host, 'a'), join(inBox, 'is'));
    expect(tree(inBox)).toEqual(['is', 'is/a', 'link', 'new', 'new/a']);
    rmSync(join(inBox, 'is/a'));
    await box.copyIn(join(host, 'a'), join(inBox, 'link'));
    expect(tree(inBox)).toEqual(['is', 'is/a', 'link', 'new', 'new/a']);
  });

  test('comes out again, byte for byte', async ({ box, host, inBox }) => {
    const bytes = randomBytes(20_000_000);
    writeFileSync(join(host, 'in'), bytes);
    await box.copyIn(join(host, 'in'), join(inBox, 'there'));
    await box.copyOut(join(inBox, 'there'), join(host, 'deep/out'));
    expect(readFileSync(join(host, 'deep/out')).equals(bytes)).toBe(true);
  });

  test('with holes keeps its size and its bytes', async ({ box, host, inBox }) => {
    const file = join(host, 'sparse');
    const sparse = openSync(file, 'w');
    writeSync(sparse, 'end', 50_000_000);
    ftruncateSync(sparse, 2 ** 26);
    closeSync(sparse);
    await box.copyIn(file, `${inBox}/`);
    const copy = statSync(join(inBox, 'sparse'));
    expect(copy.size).toBe(2 ** 26);
    expect(copy.blocks * 512).toBeLessThan(2 ** 24);
    expect((await box.run('tail', ['-c', '+50000001', join(inBox, 'sparse')], { maxBytes: 3 })).stdout).toBe(
      'end',
    );
  });

  test('of the kernel, which has no size, is read to its end', async ({ box, host }) => {
    await box.copyOut('/proc/version', join(host, 'version'));
    expect(read(host, 'version')).toBe(read('/proc/version'));
  });

  test('replaces one that exists, but not a directory', async ({ box, host, inBox }) => {
    write(host, { a: 'new' });
    write(inBox, { a: 'old', 'd/a/keep': '' });
    await box.copyIn(join(host, 'a'), join(inBox, 'a'));
    expect(read(inBox, 'a')).toBe('new');
    await expect(box.copyIn(join(host, 'a'), join(inBox, 'd'))).rejects.toThrow(InvalidStateError);
    expect(tree(join(inBox, 'd'))).toEqual(['a', 'a/keep']);
  });

  test('keeps its permission bits and its time, and loses set-user-id', async ({ box, host, inBox }) => {
    write(host, { a: '' });
    chmodSync(join(host, 'a'), 0o6751);
    utimesSync(join(host, 'a'), 1e9, 1e9);
    await box.copyIn(join(host, 'a'), `${inBox}/`);
    expect(modeOf(inBox, 'a')).toBe(0o751);
    expect(statSync(join(inBox, 'a')).mtimeMs).toBe(1e12);
  });
});

describe('a directory', () => {
  test('goes in with its contents, links and modes, without its own name', async ({ box, host, inBox }) => {
    write(host, {
      'src/one': '1',
      'src/sub/two': '2',
      'src/to-one': '-> one',
      'src/dangling': '-> /nowhere',
    });
    mkdirSync(join(host, 'src/empty'), { mode: 0o700 });
    chmodSync(join(host, 'src/one'), 0o600);
    await box.copyIn(join(host, 'src'), join(inBox, 'a/dst'));
    expect(tree(join(inBox, 'a/dst'))).toEqual(['dangling', 'empty', 'one', 'sub', 'sub/two', 'to-one']);
    expect(readlinkSync(join(inBox, 'a/dst/to-one'))).toBe('one');
    expect(modeOf(inBox, 'a/dst/one')).toBe(0o600);
    expect(modeOf(inBox, 'a/dst/empty')).toBe(0o700);
  });

  test('is merged into one that exists, whose mode stays', async ({ box, host, inBox }) => {
    write(host, { 'src/same': 'new', 'src/sub/new': '' });
    write(inBox, { same: 'old', 'sub/old': '' });
    chmodSync(join(inBox, 'sub'), 0o711);
    await box.copyIn(`${host}/src/`, inBox);
    expect(tree(inBox)).toEqual(['same', 'sub', 'sub/new', 'sub/old']);
    expect(read(inBox, 'same')).toBe('new');
    expect(modeOf(inBox, 'sub')).toBe(0o711);
  });

  test('with one file in it comes out as a directory', async ({ box, host, inBox }) => {
    write(inBox, { 'd/only': 'x' });
    await box.copyOut(join(inBox, 'd'), join(host, 'out'));
    expect(tree(host)).toEqual(['out', 'out/only']);
  });

  test('is merged across mounts', async ({ box, host }) => {
    const elsewhere = mkdtempSync('/dev/shm/copy-');
    try {
      write(host, { 'a/b': '1', 'a/c/d': '2' });
      await box.copyIn(host, elsewhere);
      await box.copyOut(elsewhere, join(host, 'back'));
      expect(tree(join(host, 'back'))).toEqual(['a', 'a/b', 'a/c', 'a/c/d']);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test.for(['', '/sub', '/sub/new'])('is not copied into itself%s', async (below, { box, host }) => {
    write(host, { 'sub/file': '' });
    await expect(box.copyIn(host, host + below)).rejects.toThrow(InvalidArgumentError);
    expect(tree(host)).toEqual(['sub', 'sub/file']);
  });
});

describe('overwrite: false', () => {
  test('changes nothing if one file exists', async ({ box, host, inBox }) => {
    write(host, { 'src/a': 'new', 'src/sub/b': 'new' });
    write(inBox, { 'sub/b': 'old' });
    await expect(box.copyIn(join(host, 'src'), inBox, { overwrite: false })).rejects.toThrow(
      AlreadyExistsError,
    );
    expect(tree(inBox)).toEqual(['sub', 'sub/b']);
    const file = join(inBox, 'sub/b');
    await expect(box.copyIn(join(host, 'src/a'), file, { overwrite: false })).rejects.toThrow(
      AlreadyExistsError,
    );
    expect(read(file)).toBe('old');
  });

  test('merges what is not there', async ({ box, host, inBox }) => {
    write(host, { 'src/sub/b': 'new', 'src/c': '' });
    write(inBox, { 'sub/a': 'old' });
    await box.copyIn(join(host, 'src'), inBox, { overwrite: false });
    expect(tree(inBox)).toEqual(['c', 'sub', 'sub/a', 'sub/b']);
  });
});

describe('symbolic links', () => {
  test('are never written through', async ({ box, host, inBox }) => {
    const outside = write(join(host, 'outside'), { secret: 'untouched' });
    write(host, { 'src/file': 'x', 'src/dir/f': 'x' });
    write(inBox, { file: `-> ${join(outside, 'secret')}` });
    await box.copyIn(join(host, 'src/file'), join(inBox, 'file'));
    expect(lstatSync(join(inBox, 'file')).isSymbolicLink()).toBe(false);
    write(inBox, { dir: `-> ${outside}` });
    await expect(box.copyIn(join(host, 'src'), inBox)).rejects.toThrow(InvalidStateError);
    expect(tree(outside)).toEqual(['secret']);
    expect(read(outside, 'secret')).toBe('untouched');
  });

  test('that come first and a file through them second: the file does not get out', async ({
    box,
    host,
    inBox,
  }) => {
    const outside = join(host, 'outside');
    mkdirSync(outside);
    const target = join(host, 'target');
    write(inBox, { a: `-> ${outside}` });
    await box.copyOut(inBox, target);
    rmSync(join(inBox, 'a'));
    write(inBox, { 'a/evil': '' });
    await expect(box.copyOut(inBox, target)).rejects.toThrow(InvalidStateError);
    expect(tree(outside)).toEqual([]);
  });

  test('are copied as links, the source too', async ({ box, host, inBox }) => {
    write(inBox, { passwd: '-> /etc/passwd' });
    await box.copyOut(join(inBox, 'passwd'), `${host}/`);
    expect(readlinkSync(join(host, 'passwd'))).toBe('/etc/passwd');
  });

  test('are followed on request, within the tree', async ({ box, host, inBox }) => {
    write(inBox, {
      'real/f': 'text',
      file: '-> real/f',
      folder: '-> real',
      'real/up': '-> ..',
      out: '-> /etc/passwd',
      gone: '-> nowhere',
      dots: `-> ../${inBox.slice(inBox.lastIndexOf('/') + 1)}/real/f`,
    });
    await box.copyOut(inBox, join(host, 'd'), { followSymlinks: true });
    const links = tree(join(host, 'd')).filter((name) => lstatSync(join(host, 'd', name)).isSymbolicLink());
    expect(links).toEqual(['dots', 'folder/up', 'gone', 'out', 'real/up']);
    expect([read(host, 'd/file'), read(host, 'd/folder/f')]).toEqual(['text', 'text']);
  });

  test('is followed on request as the source itself', async ({ box, host, inBox }) => {
    write(inBox, { 'real/f': 'text', link: '-> real/f' });
    await box.copyOut(join(inBox, 'link'), `${host}/`, { followSymlinks: true });
    expect(tree(host)).toEqual(['f']);
  });

  test.runIf(process.getuid?.() === 0)(
    'that the user of a box has planted on the way lead nowhere',
    async ({ runtime, host, inBox }) => {
      chmodSync(inBox, 0o777);
      const box = await runtime.create({ user: 'nobody', workingDir: inBox });
      mkdirSync(join(host, 'private'), { mode: 0o700 });
      write(host, { 'private/key': 'secret', file: 'x' });
      await box.run('ln', ['-s', join(host, 'private'), 'planted'], { check: true });
      const planted = join(inBox, 'planted');
      for (const path of [planted, `${planted}/`, `${planted}/sub/file`, 'planted']) {
        await expect(box.copyIn(join(host, 'file'), path)).rejects.toThrow(InvalidStateError);
      }
      const out = box.copyOut(`${planted}/key`, join(host, 'stolen'));
      await expect(out).rejects.toThrow(InvalidStateError);
      expect(tree(join(host, 'private'))).toEqual(['key']);
      expect(existsSync(join(host, 'stolen'))).toBe(false);
    },
  );
});

describe('what cannot be copied', () => {
  test('is not found', async ({ box, host, inBox }) => {
    for (const copy of [
      () => box.copyIn(join(host, 'nothing'), join(inBox, 'x')),
      () => box.copyIn(join(host, 'no/thing'), join(inBox, 'x')),
      () => box.copyOut(join(inBox, 'nothing'), join(host, 'x')),
      () => box.copyOut(`${inBox}/nothing/`, join(host, 'x')),
    ]) {
      const error = await copy().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotFoundError);
      expect((error as Error).message).toMatch(/not found: '.*' does not exist/);
      expect((error as Error).message).not.toContain('box not found');
    }
    expect([tree(host), tree(inBox)]).toEqual([[], []]);
  });

  test('is special', async ({ box, host, inBox }) => {
    write(inBox, { 'd/file': '' });
    await box.run('mkfifo', [join(inBox, 'd/fifo')], { check: true });
    for (const path of [join(inBox, 'd'), join(inBox, 'd/fifo'), '/dev/null']) {
      await expect(box.copyOut(path, join(host, 'out'))).rejects.toThrow(UnsupportedError);
    }
    expect(tree(host)).toEqual([]);
  });

  test('would replace something special', async ({ box, host, inBox }) => {
    write(host, { 'd/fifo': 'x', 'd/file': 'x' });
    await box.run('mkfifo', [join(inBox, 'fifo')], { check: true });
    for (const [from, to] of [
      ['d/fifo', 'fifo'],
      ['d/fifo', ''],
      ['d', ''],
    ] as const) {
      await expect(box.copyIn(join(host, from), join(inBox, to))).rejects.toThrow(UnsupportedError);
    }
    expect(tree(inBox)).toEqual(['fifo']);
    expect(lstatSync(join(inBox, 'fifo')).isFIFO()).toBe(true);
  });

  test('has a file in its way', async ({ box, host, inBox }) => {
    write(host, { 'd/f': '', file: '' });
    write(inBox, { file: 'stays', 'sub/f/x': '' });
    await expect(box.copyIn(join(host, 'd'), join(inBox, 'file'))).rejects.toThrow(InvalidStateError);
    await expect(box.copyIn(join(host, 'file'), join(inBox, 'file/below'))).rejects.toThrow(
      InvalidStateError,
    );
    await expect(box.copyIn(join(host, 'd'), join(inBox, 'sub'))).rejects.toThrow(InvalidStateError);
    expect(read(inBox, 'file')).toBe('stays');
  });

  test.for([
    [[''], 'hostPath'],
    [['/a', ''], 'boxPath'],
    [['/a', 5], 'boxPath'],
    [['/a', '/b\0c'], 'boxPath'],
    [['/a', '/b', { overwrit: true }], 'overwrit'],
    [['/a', '/b', { overwrite: 'no' }], 'overwrite'],
  ] as const)('%j is refused by name', async ([args, name], { box }) => {
    const error = await box
      .copyIn(...(args as unknown as [string, string]))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toContain(name);
  });
});

describe('the box', () => {
  test('boots for a copy', async ({ box, host, inBox }) => {
    write(host, { a: '' });
    await box.copyIn(join(host, 'a'), `${inBox}/`);
    expect((await box.info()).status).toBe('running');
  });

  test('refuses when it is stopped or removed', async ({ box, host, inBox }) => {
    write(host, { a: '' });
    await box.run('true');
    await box.stop();
    await expect(box.copyIn(join(host, 'a'), `${inBox}/`)).rejects.toThrow(StoppedError);
    await expect(box.copyOut('/etc/passwd', `${host}/`)).rejects.toThrow(StoppedError);
    await box.start();
    await box.copyIn(join(host, 'a'), `${inBox}/`);
    await box.remove({ force: true });
    await expect(box.copyOut('/etc/passwd', `${host}/`)).rejects.toThrow(NotFoundError);
    expect(tree(host)).toEqual(['a']);
  });

  test('has a working directory that relative paths start at', async ({ runtime, host, inBox }) => {
    const box = await runtime.create({ workingDir: inBox });
    write(host, { a: 'x' });
    await box.copyIn(join(host, 'a'), 'sub/b');
    await box.copyOut('sub', join(host, 'out'));
    expect(read(host, 'out/b')).toBe('x');
  });

  test.runIf(process.getuid?.() === 0)('owns what comes into it', async ({ runtime, host, inBox }) => {
    const box = await runtime.create({ user: 'nobody' });
    write(host, { 'd/f': 'x', 'd/l': '-> f' });
    await box.copyIn(join(host, 'd'), join(inBox, 'made/d'));
    for (const path of ['made', 'made/d', 'made/d/f', 'made/d/l']) {
      expect(lstatSync(join(inBox, path)).uid).toBe(65534);
    }
    await box.copyOut(join(inBox, 'made'), join(host, 'back'));
    expect(lstatSync(join(host, 'back/d/f')).uid).toBe(0);
  });

  test('that stops gives up its copies', async ({ box, host }) => {
    write(host, { 'in/a': '', 'in/b': '' });
    await box.start();
    const copies = Array.from({ length: 20 }, (_, i) =>
      box.copyIn(join(host, 'in'), join(host, `out${i}`)).then(
        () => 'copied',
        (error: unknown) => (error as Error).name,
      ),
    );
    await box.stop();
    const outcomes = await Promise.all(copies);
    expect(['copied', 'StoppedError']).toEqual(expect.arrayContaining([...new Set(outcomes)]));
    expect(readdirSync(host).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

test('many copies at once', async ({ box, host, inBox }) => {
  write(host, { 'd/a': 'x' });
  await Promise.all(Array.from({ length: 50 }, (_, i) => box.copyIn(join(host, 'd'), join(inBox, `${i}`))));
  expect(tree(inBox)).toHaveLength(100);
  await Promise.all(Array.from({ length: 50 }, () => box.copyIn(join(host, 'd'), join(inBox, 'same'))));
  expect(tree(join(inBox, 'same'))).toEqual(['a']);
});
