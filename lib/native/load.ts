import { existsSync } from 'node:fs';
import { join } from 'node:path';
import load from 'node-gyp-build';
import { UnsupportedError } from '../error-classes.js';
import { errorOf } from '../errors.js';
import type { Addon } from './addon.js';

/** The package's folder: `lib/native` and `dist/native` are equally deep. */
const root = join(__dirname, '..', '..');

let loaded: Addon | undefined;

/**
 * The addon of this environment, loaded at first use, so that errors and types can be imported where there is none.
 *
 * @throws UnsupportedError if there is none for this platform; the message says what was looked for.
 */
export function addon(): Addon {
  return (loaded ??= prepare(open()));
}

function open(): Addon {
  try {
    return load(root) as Addon;
  } catch (error) {
    throw new UnsupportedError(explain(error), { operation: 'load', cause: error });
  }
}

function prepare(fresh: Addon): Addon {
  fresh.configure((errno, message, operation) =>
    errorOf(errno, message, { operation: operation === '' ? undefined : operation }),
  );
  // After process.exit() or an uncaught error Node runs no clean-up hook on the main thread, only this.
  process.on('exit', () => fresh.shutdown());
  return fresh;
}

function explain(error: unknown): string {
  const platform = `${process.platform}-${process.arch}`;
  const places = [join(root, 'build', 'Release'), join(root, 'prebuilds', platform)];
  const isCheckout = existsSync(join(root, 'tsconfig.json'));
  return [
    `cannot load the native addon for ${platform} (Node ${process.versions.node})`,
    `looked for boxlite_ffi.node in ${places.join(' and ')}`,
    `to compile it: ${isCheckout ? 'npm run build:addon' : 'npm rebuild boxlite-ffi --foreground-scripts'}`,
    `reason: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
  ].join('; ');
}
