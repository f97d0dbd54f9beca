import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeEngineInfo } from './native/addon.js';
import { checkName, invalid, OptionReader, readWhole, required } from './options.js';

/** Which engine a runtime talks to, and what it can do. */
export interface EngineInfo {
  kind: 'embedded' | 'library' | 'remote';
  /** The engine's own version. */
  version: string;
  /** Of the library. */
  path?: string;
  /** Of the server. */
  url?: string;
  /** What separates a box from the host; `'none'`: it runs as an ordinary process. */
  isolation: 'none' | 'namespaces' | 'vm' | 'remote';
  /** Words for what it can do, sorted as the engine tells them. */
  capabilities: readonly string[];
}

/** What the choice of an engine depends on, so that it can be tried without one. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  /** Whether virtual machines can be started here. */
  canVirtualise(): boolean;
}

const here: Surroundings = {
  get env() {
    return process.env;
  },
  exists: existsSync,
  canVirtualise() {
    try {
      accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
};

/**
 * The path of the library to open; undefined stands for the embedded engine.
 *
 * @param option - The caller's `engine`; the environment is asked only without one.
 */
export function chooseLibrary(option: unknown, surroundings: Surroundings = here): string | undefined {
  if (option === undefined) return choiceOfEnvironment(surroundings);
  if (option === 'embedded') return undefined;
  if (option === 'auto') return findLibrary(surroundings);
  if (typeof option === 'object' && option !== null) {
    return readWhole(new OptionReader(option, 'engine'), (read) =>
      required(read.nonEmpty('library'), read.name('library'), 'the path of a libboxlite'),
    );
  }
  throw invalid('engine', "'embedded', 'auto' or { library: path }", option);
}

function choiceOfEnvironment(surroundings: Surroundings): string | undefined {
  const engine = given(surroundings, 'BOXLITE_ENGINE');
  if (engine === undefined) return given(surroundings, 'BOXLITE_LIBRARY');
  if (engine === 'embedded') return undefined;
  if (engine === 'auto') return findLibrary(surroundings);
  // A word that is neither a known choice nor looks like a file is a typing error, not a library to search for.
  if (engine.includes('/') || engine.includes('.so')) return checkName(engine, 'BOXLITE_ENGINE');
  throw invalid('BOXLITE_ENGINE', "'embedded', 'auto' or the path of a libboxlite", engine);
}

/** A library where the loader would find one, if this machine can use it. */
function findLibrary(surroundings: Surroundings): string | undefined {
  if (!surroundings.canVirtualise()) return undefined;
  const named = given(surroundings, 'BOXLITE_LIBRARY');
  if (named !== undefined) return surroundings.exists(named) ? named : undefined;
  const folders = [
    ...(given(surroundings, 'LD_LIBRARY_PATH')?.split(':') ?? []),
    '/usr/local/lib',
    '/usr/lib',
  ];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'libboxlite.so'))
    .find((path) => surroundings.exists(path));
}

/** A variable's value; an empty one counts as absent. */
function given({ env }: Surroundings, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

export function engineInfo(native: NativeEngineInfo): EngineInfo {
  return Object.freeze({
    kind: native.kind,
    version: native.version,
    ...(native.path === undefined ? {} : { path: native.path }),
    isolation: native.isolation,
    capabilities: Object.freeze([...native.capabilities]),
  });
}
