'use strict';
const { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const root = resolve(__dirname, '..');

function hasHeaders(folder) {
  return ['common.gypi', 'node_api.h'].every((file) => existsSync(join(folder, 'include', 'node', file)));
}

/**
 * A header folder made of the npm package node-api-headers. The addon uses Node-API alone, so that is all
 * node-gyp needs beside two small files of its own; otherwise it would try to download Node's headers.
 */
function makeStub() {
  const stub = join(root, 'out', 'nodedir');
  const include = join(stub, 'include', 'node');
  rmSync(stub, { recursive: true, force: true });
  mkdirSync(include, { recursive: true });
  cpSync(resolve(root, require('node-api-headers').include_dir), include, { recursive: true });
  writeFileSync(join(include, 'config.gypi'), "{'target_defaults': {}, 'variables': {}}\n");
  cpSync(join(__dirname, 'common.gypi'), join(include, 'common.gypi'));
  return stub;
}

/** The folder to give node-gyp as `nodedir`: what was configured, what lies beside node, or a stub. */
function nodedir() {
  const besideNode = dirname(dirname(process.execPath));
  const candidates = [process.env.npm_config_nodedir, process.env.BOXLITE_NODEDIR, besideNode];
  return candidates.find((folder) => folder && hasHeaders(folder)) ?? makeStub();
}

module.exports = { nodedir };
