// Shows what keeps the event loop alive. Usage: loop.cjs CASE
const { Runtime } = require('../../../dist/index.js');

const cases = {
  /** Nobody waits, but the command is pending. */
  async pending(box) {
    const execution = await box.exec('/bin/sh', ['-c', 'sleep 0.3; echo late']);
    execution.on('exit', ({ exitCode }) => console.log('exit', exitCode));
  },
  /** A command that would run for ever does not count after unref. */
  async unref(box) {
    (await box.exec('sleep', ['300'])).unref();
  },
  /** ref undoes unref. */
  async ref(box) {
    const execution = (await box.exec('sleep', ['0.3'])).unref().ref();
    execution.on('exit', () => console.log('exit'));
  },
  /** An open runtime and an ended command hold nothing. */
  async ended(box) {
    await (await box.exec('true')).wait();
  },
  /** An end that nobody asks for must not become an unhandled rejection. */
  async unasked(box) {
    await box.exec('/bin/sh', ['-c', 'head -c 20000000 /dev/zero; sleep 300'], { maxBufferedBytes: 1000000 });
  },
};

Runtime.open({ engine: 'embedded' })
  .then((runtime) => runtime.create())
  .then((box) => cases[process.argv[2]](box))
  .then(() => console.log('done'));
