'use strict';
// Builds the embedded engine as a library of its own: out/engine/libboxlite.so with its header beside it.
const { copyFileSync, mkdirSync, renameSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { spawnSync } = require('node:child_process');

const root = resolve(__dirname, '..');

function cmake(...args) {
  const { status, error } = spawnSync('cmake', args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`the stand-alone engine needs cmake and ninja: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

// A process may have the old library mapped: it keeps its file, and none ever sees half of a new one.
function install(from, name) {
  const folder = join(root, 'out', 'engine');
  const partial = join(folder, `.${name}.${process.pid}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, from), partial);
  renameSync(partial, join(folder, name));
}

cmake('--preset', 'standalone', '--log-level=WARNING');
cmake('--build', '--preset', 'standalone');
install('out/standalone/libboxlite.so', 'libboxlite.so');
install('csrc/abi/boxlite.h', 'boxlite.h');
