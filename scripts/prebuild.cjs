'use strict';
// Fills prebuilds/ with a stripped Node-API binary for this platform and libc.
const { cpSync, existsSync, rmSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { spawnSync } = require('node:child_process');
const { nodedir } = require('./nodedir.cjs');

const root = resolve(__dirname, '..');
const built = join(root, 'build/Release/boxlite_ffi.node');
const kept = join(root, 'out/boxlite_ffi.node');

// prebuildify adds to the folder and removes nothing; and it moves the build away, which a checkout still needs.
rmSync(join(root, 'prebuilds'), { recursive: true, force: true });
if (existsSync(built)) cpSync(built, kept);

const prebuildify = join(require.resolve('prebuildify/package.json', { paths: [root] }), '../bin.js');
const result = spawnSync(process.execPath, [prebuildify, '--napi', '--strip', '--tag-libc'], {
  cwd: root,
  stdio: 'inherit',
  // Its own --nodedir is not handed on to node-gyp; the environment is.
  env: { ...process.env, npm_config_nodedir: nodedir() },
});
if (existsSync(kept)) {
  cpSync(kept, built);
  rmSync(kept);
}
process.exit(result.status ?? 1);
