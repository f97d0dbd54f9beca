'use strict';
// The package's install script: uses a prebuild where there is one, else compiles with node-gyp, offline.
const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { spawnSync } = require('node:child_process');
const { nodedir } = require('./nodedir.cjs');

const root = resolve(__dirname, '..');

// A checkout always compiles: a prebuild or an old build may be stale. tsconfig.json is not packed.
function mustCompile() {
  return existsSync(join(root, 'tsconfig.json')) || process.env.npm_config_build_from_source === 'true';
}

function loadsAlready() {
  try {
    require('node-gyp-build')(root);
    return true;
  } catch {
    return false;
  }
}

// A user's project has no node-gyp of its own; npm tells every install script where its copy lies.
function findNodeGyp() {
  try {
    return require.resolve('node-gyp/bin/node-gyp.js', { paths: [root] });
  } catch {
    return process.env.npm_config_node_gyp;
  }
}

function compile() {
  const nodeGyp = findNodeGyp();
  if (!nodeGyp) {
    console.error('boxlite-ffi: no prebuilt binary for this platform, and no node-gyp to compile one');
    return 1;
  }
  const args = [nodeGyp, 'configure', 'build', `--nodedir=${nodedir()}`, '--loglevel=warn'];
  const env = { ...process.env, MAKEFLAGS: process.env.MAKEFLAGS ?? '-j2' };
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
}

process.exitCode = !mustCompile() && loadsAlready() ? 0 : compile();
