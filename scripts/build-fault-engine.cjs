'use strict';
// Builds the fault engine, one library for each generation of the ABI: out/fault/fault/fault-0.10.so and others.
const { resolve } = require('node:path');
const { spawnSync } = require('node:child_process');

const root = resolve(__dirname, '..');

function cmake(...args) {
  const { status, error } = spawnSync('cmake', args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`the fault engine needs cmake and ninja: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

cmake('--preset', 'fault', '--log-level=WARNING');
cmake('--build', '--preset', 'fault');
