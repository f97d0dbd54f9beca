// Opens a home, does there what the arguments say, tells it on its standard output, and waits to be killed.
// Usage: home.cjs HOME SCRIPT, where SCRIPT is the body of an async function of runtime and tell.
const { Runtime } = require('../../../dist/index.js');

const [homeDir, script] = process.argv.slice(2);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

async function live() {
  const runtime = await Runtime.open({ engine: 'embedded', homeDir });
  const body = new Function('runtime', 'tell', `return (async () => { ${script} })();`);
  await body(runtime, tell);
  tell('done');
}

setInterval(() => {}, 1e6);
live().catch((error) => {
  console.error(error);
  process.exit(1);
});
