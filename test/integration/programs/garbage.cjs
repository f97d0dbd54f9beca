// Counts the executions that are never collected. Needs --expose-gc. Usage: garbage.cjs WAY
const { setImmediate: turn } = require('node:timers/promises');
const { Runtime } = require('../../../dist/index.js');

const ways = {
  unread: () => {},
  waited: (execution) => execution.wait(),
  streamed: async (execution) => {
    execution.stdout.resume();
    await execution.wait();
  },
  lines: async (execution) => {
    for await (const line of execution.lines()) void line;
    await execution.wait();
  },
};

let collected = 0;
const registry = new FinalizationRegistry(() => collected++);

async function one(box, way) {
  const execution = await box.exec('/bin/sh', ['-c', 'echo some output']);
  registry.register(execution);
  await ways[way](execution);
}

async function main() {
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  for (let i = 0; i < 100; i++) await one(box, process.argv[2]);
  for (let i = 0; i < 500 && collected < 100; i++) {
    global.gc();
    await turn();
    await box.run('true');
  }
  console.log(collected);
  await runtime.close();
}

main();
