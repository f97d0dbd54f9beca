// Does a whole piece of work in a worker and reports it.
const { parentPort, workerData } = require('node:worker_threads');
const { Runtime } = require('../../../dist/index.js');

async function main() {
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => box.run('echo', [`${workerData}.${i}`])),
  );
  await runtime.close();
  parentPort.postMessage(results.map(({ stdout }) => stdout).join(''));
}

main();
