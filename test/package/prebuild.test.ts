import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(__dirname, '..', '..');

/** What a user does with the package, through both doors; prints what it saw. */
const program = `
const required = require('boxlite-ffi');
const requiredNative = require('boxlite-ffi/native');
async function main() {
  const imported = await import('boxlite-ffi');
  const importedNative = await import('boxlite-ffi/native');
  const runtime = await imported.Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  const { stdout, exitCode } = await box.run('echo', ['hi']);
  await box.remove({ force: true });
  await runtime.close();
  const sameClasses = Object.keys(required).every((name) => required[name] === imported[name]);
  const sameNative = Object.keys(requiredNative).every((name) => requiredNative[name] === importedNative[name]);
  console.log(JSON.stringify({ stdout, exitCode, sameClasses, sameNative, kind: runtime.engine.kind }));
}
main();
`;

function run(cwd: string, command: string, args: string[], options: ExecFileSyncOptions = {}): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  }) as string;
}

/** The checkout as it is now, without what is built: prebuildify moves the build that other tests have open. */
function copyCheckout(to: string): void {
  const files = run(root, 'git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
  ]);
  for (const file of files.split('\0').filter((name) => name !== '' && !name.startsWith('node_modules'))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file));
  }
  // The workspace has a folder of its own for what must not be shared.
  for (const folder of ['node_modules', join('runner', 'node_modules')]) {
    if (existsSync(join(root, folder))) symlinkSync(join(root, folder), join(to, folder));
  }
}

/** A path with node and a shell, and nothing that compiles. */
function makeBareBin(folder: string): void {
  mkdirSync(folder);
  symlinkSync(realpathSync(process.execPath), join(folder, 'node'));
  symlinkSync(realpathSync('/bin/sh'), join(folder, 'sh'));
  symlinkSync(realpathSync('/bin/echo'), join(folder, 'echo'));
}

describe('a packed prebuild', () => {
  const temp = mkdtempSync(join(tmpdir(), 'boxlite-ffi-prebuild-'));
  const checkout = join(temp, 'checkout');
  const project = join(temp, 'project');
  const env = { PATH: join(temp, 'bin'), HOME: temp };
  let files: string[];

  beforeAll(() => {
    copyCheckout(checkout);
    run(checkout, 'npm', ['run', 'prebuild']);
    const packed = JSON.parse(run(checkout, 'npm', ['pack', '--json', '--silent'])) as PackResult;
    const tarball = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
    if (!tarball) throw new Error('npm pack made nothing');
    files = tarball.files.map(({ path }) => path);

    makeBareBin(env.PATH);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
    writeFileSync(join(project, 'program.cjs'), program);
    run(project, 'npm', [
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      join(checkout, tarball.filename),
    ]);
  }, 280_000);

  afterAll(() => rmSync(temp, { recursive: true, force: true }));

  it('is one binary for this platform', () => {
    expect(readdirSync(join(checkout, 'prebuilds'))).toEqual([`${process.platform}-${process.arch}`]);
    const prebuilds = files.filter((file) => file.startsWith('prebuilds/'));
    expect(prebuilds).toHaveLength(1);
    expect(prebuilds[0]).toMatch(/\/boxlite-ffi\.(glibc|musl)\.node$/);
  });

  it('comes with all that a compiling installation needs, and with no test', () => {
    const needed = [
      'binding.gyp',
      'sources.gypi',
      'LICENSE',
      'scripts/build-addon.cjs',
      'scripts/common.gypi',
    ];
    expect(files).toEqual(
      expect.arrayContaining([...needed, 'csrc/abi/boxlite.h', 'dist/index.mjs', 'dist/index.d.mts']),
    );
    expect(files.filter((file) => /^(test|bench|node_modules|out|build)\//.test(file))).toEqual([]);
  });

  it('runs a command where nothing can be compiled, by import and by require', () => {
    expect(JSON.parse(run(project, 'node', ['program.cjs'], { env }))).toEqual({
      stdout: 'hi\n',
      exitCode: 0,
      sameClasses: true,
      sameNative: true,
      kind: 'embedded',
    });
  });

  it('measures an engine there, with the shell for a writer', () => {
    const args = [
      'node_modules/.bin/boxlite-ffi',
      'bench',
      'drain',
      '--execs',
      '5',
      '--bytes',
      '640',
      '--json',
    ];
    expect(JSON.parse(run(project, 'node', args, { env }))).toMatchObject({
      executions: 5,
      lostBytes: 0,
      writer: '/bin/sh',
    });
  });
});

interface Tarball {
  filename: string;
  files: { path: string }[];
}

/** A list up to npm 11, later an object by package name. */
type PackResult = Tarball[] | Record<string, Tarball>;
