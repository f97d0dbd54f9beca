import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { Runtime } from '../runtime.js';
import type { RuntimeOptions } from '../runtime-options.js';

/** What every command takes that opens a runtime. */
export interface RuntimeFlags {
  home?: string;
  engine?: string;
  localImagePolicy?: 'refuse' | 'host';
}

export function addRuntimeFlags(command: Command, home: 'kept' | 'temporary'): Command {
  const where =
    home === 'kept' ? '$BOXLITE_HOME, else ~/.boxlite-ffi' : '$BOXLITE_HOME, else a temporary folder';
  return command
    .option('--home <dir>', `where boxes are kept (default: ${where})`)
    .option(
      '--engine <engine>',
      'embedded, auto or the path of a libboxlite (default: $BOXLITE_ENGINE, else embedded)',
    )
    .addOption(
      new Option(
        '--local-image-policy <policy>',
        'what the embedded engine does with a box that names an image (default: refuse)',
      ).choices(['refuse', 'host']),
    );
}

/**
 * Opens the runtime that the flags ask for.
 *
 * @param home - `'kept'`: boxes of earlier commands are found again; `'temporary'`: they go with the runtime.
 */
export function openRuntime(flags: RuntimeFlags, home: 'kept' | 'temporary'): Promise<Runtime> {
  const kept = home === 'kept' ? process.env['BOXLITE_HOME'] || join(homedir(), '.boxlite-ffi') : undefined;
  const homeDir = flags.home ?? kept;
  return Runtime.open({
    ...(homeDir === undefined ? {} : { homeDir }),
    ...(flags.engine === undefined ? {} : { engine: engineOf(flags.engine) }),
    ...(flags.localImagePolicy === undefined ? {} : { localImagePolicy: flags.localImagePolicy }),
  });
}

function engineOf(word: string): NonNullable<RuntimeOptions['engine']> {
  return word === 'embedded' || word === 'auto' ? word : { library: word };
}
