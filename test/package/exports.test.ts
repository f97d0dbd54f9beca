import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Symbols {
  symbols: Record<string, { kind: 'core' | 'optional'; tags: string }>;
  extensions: string[];
}

const root = join(__dirname, '..', '..');
const addon = join(root, 'build', 'Release', 'boxlite_ffi.node');
const engine = join(root, 'out', 'engine', 'libboxlite.so'); // test/build-engine.ts built it
const hasEngine = spawnSync('cmake', ['--version']).error === undefined;
const abi = JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'abi-symbols.json'), 'utf8')) as Symbols;

/** What a shared object offers to others, sorted. */
function exportsOf(file: string): string[] {
  const lines = execFileSync('nm', ['-D', '--defined-only', file], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.split(' ').at(-1) ?? '').sort();
}

/** The names of generations 0.9.7, 0.10-dev and 0.10. */
function union(): string[] {
  return Object.keys(abi.symbols).filter((name) => /[234]/.test(abi.symbols[name]?.tags ?? ''));
}

describe('exported symbols', () => {
  it('of the contract are 101 for the generations that the embedded engine serves', () => {
    expect(union()).toHaveLength(101);
  });

  it('of the addon are the two that Node looks for', () => {
    expect(exportsOf(addon)).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });

  it('of the addon leave nothing of ours open', () => {
    const undefinedSymbols = execFileSync('nm', ['-D', '--undefined-only', addon], { encoding: 'utf8' });
    expect(undefinedSymbols.split('\n').filter((line) => line.includes('boxlite'))).toEqual([]);
  });

  it.runIf(hasEngine)('of the stand-alone engine are the union of the generations and its own', () => {
    expect(exportsOf(engine)).toEqual([...new Set([...union(), ...abi.extensions])].sort());
  });

  it.runIf(hasEngine)('of the stand-alone engine need nothing newer than the C library', () => {
    const needed = execFileSync('readelf', ['-d', engine], { encoding: 'utf8' }).matchAll(
      /NEEDED.*\[(.+)\]/g,
    );
    for (const match of needed) expect(match[1]).toMatch(/^(lib(c|m|dl|pthread|util|rt)\.so|ld-linux)/);
  });
});
