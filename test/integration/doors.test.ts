import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(__dirname, '..', '..');

/** A project that has the package, compiled, in its node_modules. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'boxlite-project-'));
  const target = join(folder, 'node_modules', 'boxlite-ffi');
  for (const part of ['dist', 'package.json', 'build/Release/boxlite_ffi.node']) {
    cpSync(join(root, part), join(target, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules', 'node-gyp-build'), join(folder, 'node_modules', 'node-gyp-build'));
  return folder;
}

function evaluate(folder: string, script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
}

describe('import and require', () => {
  test('give the same classes', () => {
    const folder = project();
    try {
      const script = `
        import * as esm from 'boxlite-ffi';
        import * as nativeEsm from 'boxlite-ffi/native';
        import { createRequire } from 'node:module';
        const require = createRequire(process.cwd() + '/x.js');
        const cjs = require('boxlite-ffi');
        const names = Object.keys(cjs).filter((name) => name !== '__esModule');
        const same = names.length > 20 && names.every((name) => esm[name] === cjs[name]);
        console.log(same, require('boxlite-ffi/native').openRuntime === nativeEsm.openRuntime, require('boxlite-ffi/package.json').name);`;
      expect(evaluate(folder, script)).toBe('true true boxlite-ffi\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('two copies of the addon in one process', () => {
  test("work side by side and know each other's errors", () => {
    const folders = [project(), project()];
    try {
      const script = `
        import { createRequire } from 'node:module';
        const [a, b] = ${JSON.stringify(folders)}.map((folder) => createRequire(folder + '/x.js')('boxlite-ffi'));
        const outputs = await Promise.all([a, b].map(async ({ Runtime }, i) => {
          const runtime = await Runtime.open({ engine: 'embedded' });
          const box = await runtime.create();
          const { stdout } = await box.run('echo', [String(i)]);
          const error = await runtime.get('nobody').catch((thrown) => thrown);
          await runtime.close();
          return [stdout.trim(), error instanceof a.NotFoundError, error instanceof b.NotFoundError, error.constructor === a.NotFoundError];
        }));
        console.log(a.Runtime === b.Runtime, JSON.stringify(outputs));`;
      expect(evaluate(folders[0] as string, script)).toBe(
        'false [["0",true,true,true],["1",true,true,false]]\n',
      );
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  });
});

test('a package without its addon says what was looked for and what helps', () => {
  const folder = project();
  try {
    rmSync(join(folder, 'node_modules', 'boxlite-ffi', 'build'), { recursive: true });
    const script = `
      import { Runtime, NotFoundError } from 'boxlite-ffi';
      const error = await Runtime.open().catch((thrown) => thrown);
      console.log(error.name, error.code, error.message, typeof NotFoundError);`;
    const said = evaluate(folder, script);
    expect(said).toContain('UnsupportedError unsupported cannot load the native addon for');
    expect(said).toContain(join('build', 'Release'));
    expect(said).toContain('npm rebuild boxlite-ffi');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
