import { describe, expect, test } from 'vitest';
import { chooseLibrary, type Surroundings } from '../../lib/engine.js';
import { InvalidArgumentError } from '../../lib/index.js';

interface Place {
  env?: Record<string, string>;
  files?: string[];
  kvm?: boolean;
}

function at({ env = {}, files = [], kvm = true }: Place): Surroundings {
  return { env, exists: (path) => files.includes(path), canVirtualise: () => kvm };
}

const standard = '/usr/lib/libboxlite.so';
const local = '/usr/local/lib/libboxlite.so';

describe('the option', () => {
  test('wins over the environment', () => {
    const env = { BOXLITE_ENGINE: '/env/lib.so', BOXLITE_LIBRARY: '/other.so' };
    expect(chooseLibrary('embedded', at({ env }))).toBeUndefined();
    expect(chooseLibrary({ library: '/mine.so' }, at({ env }))).toBe('/mine.so');
  });

  test.each(['embeded', '', 5, null, {}, { library: '' }, { path: '/x' }])('refuses %j', (option) => {
    expect(() => chooseLibrary(option, at({}))).toThrow(InvalidArgumentError);
  });
});

describe('the environment', () => {
  test.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ BOXLITE_ENGINE: '' }, undefined],
    [{ BOXLITE_LIBRARY: '/l.so' }, '/l.so'],
    [{ BOXLITE_ENGINE: 'embedded', BOXLITE_LIBRARY: '/l.so' }, undefined],
    [{ BOXLITE_ENGINE: '/e/lib' }, '/e/lib'],
    [{ BOXLITE_ENGINE: 'libboxlite.so.1' }, 'libboxlite.so.1'],
  ])('%j', (env, path) => {
    expect(chooseLibrary(undefined, at({ env }))).toBe(path);
  });

  test("a word that is no choice is refused by the variable's name", () => {
    expect(() => chooseLibrary(undefined, at({ env: { BOXLITE_ENGINE: 'embeded' } }))).toThrow(
      /BOXLITE_ENGINE.*"embeded"/,
    );
  });
});

describe('auto', () => {
  test.each<[string, Place, string | undefined]>([
    ['nothing found', {}, undefined],
    ['in the standard place', { files: [standard] }, standard],
    ['local before standard', { files: [standard, local] }, local],
    ['found, but no virtual machines', { files: [standard], kvm: false }, undefined],
    [
      'in LD_LIBRARY_PATH',
      { files: [standard, '/mine/libboxlite.so'], env: { LD_LIBRARY_PATH: ':/mine' } },
      '/mine/libboxlite.so',
    ],
    ['named', { files: ['/n.so', standard], env: { BOXLITE_LIBRARY: '/n.so' } }, '/n.so'],
    ['named and missing', { files: [standard], env: { BOXLITE_LIBRARY: '/n.so' } }, undefined],
  ])('%s', (_name, place, path) => {
    expect(chooseLibrary('auto', at(place))).toBe(path);
    expect(chooseLibrary(undefined, at({ ...place, env: { ...place.env, BOXLITE_ENGINE: 'auto' } }))).toBe(
      path,
    );
  });
});
