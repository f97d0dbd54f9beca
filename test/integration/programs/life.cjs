// Lives a part of a runtime's life, then ends in one of the ways in which programs end.
// Usage: life.cjs STEPS END SECONDS, where SECONDS marks the command so that it can be looked for.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const [steps, end, seconds] = isMainThread ? process.argv.slice(2) : workerData;

async function live() {
  const wanted = new Set(steps.split(','));
  if (!wanted.has('load')) return;
  const { Runtime } = require('../../../dist/index.js');
  if (!wanted.has('open')) return;
  const runtime = await Runtime.open({ engine: 'embedded' });
  if (!wanted.has('create')) return;
  const box = await runtime.create();
  if (!wanted.has('exec')) return;
  const execution = await box.exec('/bin/sh', ['-c', `echo ready; exec sleep ${seconds}`]);
  execution.unref();
  if (!wanted.has('read')) return;
  await new Promise((resolve) => execution.stdout.once('data', resolve));
  if (!wanted.has('exit')) return;
  await execution.kill();
  await execution.wait();
  if (!wanted.has('close')) return;
  await runtime.close();
}

function finish() {
  // Node keeps what it wraps for an addon until it is collected, which at an exit it never is.
  globalThis.gc?.();
  if (end === 'process.exit') process.exit(3);
  if (end === 'throw')
    setImmediate(() => {
      throw new Error('on purpose');
    });
  if (end === 'SIGTERM' || end === 'SIGKILL') process.kill(process.pid, end);
}

if (end === 'worker.terminate' && isMainThread) {
  const worker = new Worker(__filename, { workerData: [steps, end, seconds] });
  worker.once('message', () => worker.terminate());
} else {
  // A pending call that is neither read nor held would let the program end before its step.
  const keep = setInterval(() => {}, 1000);
  live().then(() => {
    if (!isMainThread) return parentPort.postMessage('there');
    clearInterval(keep);
    finish();
  });
}
