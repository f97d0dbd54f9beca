import { isAbsolute, join } from 'node:path';
import type { NativeCopyOptions } from './native/addon.js';
import { checkName, compact, OptionReader, readWhole } from './options.js';

/** How files are copied. */
export interface CopyOptions {
  /**
   * Replace files that exist. Default true; with false the copy is AlreadyExistsError, before anything is changed, if
   * one of them does. UnsupportedError on an engine that always overwrites.
   */
  overwrite?: boolean;
  /**
   * Copy what a symbolic link leads to instead of the link itself. Default false. A link that leads out of the copied
   * directory stays a link. UnsupportedError on an engine that cannot.
   */
  followSymlinks?: boolean;
}

/** A copy, checked, with the host's path absolute. */
export interface CopyPlan {
  hostPath: string;
  boxPath: string;
  native: NativeCopyOptions;
}

export function readCopy(hostPath: unknown, boxPath: unknown, options: unknown): CopyPlan {
  return {
    hostPath: absolute(checkName(hostPath, 'hostPath')),
    boxPath: checkName(boxPath, 'boxPath'),
    native: readWhole(new OptionReader(options), (read) =>
      compact<NativeCopyOptions>({
        keepExisting: read.flag('overwrite') === false ? true : undefined,
        followSymlinks: read.flag('followSymlinks'),
      }),
    ),
  };
}

/** The engine must not see a working directory of later; a '/' at the end means something and stays. */
function absolute(path: string): string {
  return isAbsolute(path) ? path : join(process.cwd(), path);
}
