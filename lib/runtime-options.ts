import { chooseLibrary } from './engine.js';
import type { NativeImageRegistry, NativeRuntimeOptions } from './native/addon.js';
import { compact, invalid, OptionReader, readWhole, required } from './options.js';

/** A registry that images come from. */
export interface ImageRegistry {
  /** `host` or `host:port`, without scheme and path. */
  host: string;
  /** Plain HTTP instead of HTTPS. Default false. */
  http?: boolean;
  /** Accept any certificate. Default false. */
  skipVerify?: boolean;
  /** Whether images that name no registry are looked for here. Default false. */
  search?: boolean;
  username?: string;
  password?: string;
  bearerToken?: string;
}

/** How a runtime is opened. Everything has a default. */
export interface RuntimeOptions {
  /**
   * `'embedded'`: local processes; `{ library }`: a libboxlite; `'auto'`: a libboxlite if one is found and `/dev/kvm`
   * is usable, else embedded. Default: `BOXLITE_ENGINE` (a word of these or a path), else `BOXLITE_LIBRARY`, else
   * `'embedded'`.
   */
  engine?: 'embedded' | 'auto' | { library: string };
  /**
   * Where boxes are kept; one runtime at a time. Default: `BOXLITE_HOME`, else a libboxlite's own default, or for the
   * embedded engine a temporary folder that `close()` removes.
   */
  homeDir?: string;
  /**
   * What the embedded engine does with a box that names an image: refuse it, or run it on the host's file system
   * without isolation. Default: `BOXLITE_LOCAL_IMAGE_POLICY`, else `'refuse'`.
   */
  localImagePolicy?: 'refuse' | 'host';
  /** Speak to a library whose symbols match no known generation. Default false. */
  allowUntestedVersion?: boolean;
  imageRegistries?: ImageRegistry[];
}

/** `RuntimeOptions`, checked, as the addon takes them. */
export function readRuntimeOptions(options: unknown): NativeRuntimeOptions {
  return readWhole(new OptionReader(options), (read) =>
    compact<NativeRuntimeOptions>({
      libraryPath: chooseLibrary(read.any('engine')),
      homeDir: read.nonEmpty('homeDir') ?? (process.env['BOXLITE_HOME'] || undefined),
      useHostForImages: imagePolicy(read) === 'host',
      allowUntestedVersion: read.flag('allowUntestedVersion'),
      imageRegistries: read.objects('imageRegistries', readRegistry),
    }),
  );
}

function imagePolicy(read: OptionReader): 'refuse' | 'host' {
  const option = read.oneOf('localImagePolicy', ['refuse', 'host']);
  if (option !== undefined) return option;
  const variable = process.env['BOXLITE_LOCAL_IMAGE_POLICY'] || 'refuse';
  if (variable !== 'refuse' && variable !== 'host') {
    throw invalid('BOXLITE_LOCAL_IMAGE_POLICY', "'refuse' or 'host'", variable);
  }
  return variable;
}

function readRegistry(read: OptionReader): NativeImageRegistry {
  return compact<NativeImageRegistry>({
    host: required(read.nonEmpty('host'), read.name('host'), 'a host'),
    http: read.flag('http'),
    skipVerify: read.flag('skipVerify'),
    search: read.flag('search'),
    username: read.secret('username'),
    password: read.secret('password'),
    bearerToken: read.secret('bearerToken'),
  });
}
