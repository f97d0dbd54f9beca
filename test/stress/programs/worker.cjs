// Runs commands in a worker and reads them, until the worker is terminated.
const { parentPort, workerData } = require('node:worker_threads');
const { Runtime } = require('../../../dist/index.js');

async function one(box) {
  const execution = await box.exec(workerData.program, ['1', '200000', '1000', '4096', '0', '0']);
  for await (const chunk of execution.stdout) if (chunk.length === 0) return;
  await execution.wait();
}

async function main() {
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  parentPort.postMessage('running');
  for (;;) await Promise.all([one(box), one(box), one(box)]);
}

main();
