// Reads an endless stream in a worker, until the worker is terminated.
const { parentPort } = require('node:worker_threads');
const { Runtime } = require('../../../dist/index.js');

async function main() {
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  const { stdout } = await box.exec('yes', ['boxlite-worker']);
  let chunks = 0;
  stdout.on('data', () => {
    if (++chunks === 3) parentPort.postMessage('reading');
  });
}

main();
