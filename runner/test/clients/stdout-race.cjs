'use strict';
// New boxes, two short commands in each, through the published npm SDK: how many lose output.
// Usage: stdout-race.cjs FOLDER URL KEY [BOXES]; the SDK is installed in FOLDER.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [folder, url, key, count = '1000'] = process.argv.slice(2);
const sdk = createRequire(join(folder, 'index.js'))('@boxlite-ai/boxlite');
const { JsBoxlite, JsBoxliteRestOptions, ApiKeyCredential } = sdk.getNativeModule();
const client = JsBoxlite.rest(new JsBoxliteRestOptions(url, new ApiKeyCredential(key), null));

/** How many boxes are at work at a time. */
const width = 8;
const text = 'PRETTY_NAME="A system"\nID=system\n'.repeat(10);

async function isWhole(box, delayMs) {
  const execution = await box.exec('printf', ['%s', text]);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const stdout = await execution.stdout();
  let seen = '';
  for (let chunk = await stdout.next(); chunk !== null; chunk = await stdout.next()) seen += chunk;
  const { exitCode } = await execution.wait();
  return exitCode === 0 && seen === text;
}

async function main() {
  const boxes = Number(count);
  const start = Date.now();
  let next = 0;
  let lost = 0;
  async function work() {
    while (next < boxes) {
      const number = next++;
      const box = await client.create({ image: 'alpine:latest' });
      if (!(await isWhole(box, 0))) lost++;
      if (!(await isWhole(box, number % 3))) lost++;
      await client.remove(box.id, true);
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  const commands = boxes * 2;
  const seconds = (Date.now() - start) / 1000;
  console.log(
    `stdout race: ${commands} commands in ${boxes} boxes, ${lost} lost, loss rate ${((100 * lost) / commands).toFixed(3)} %, ${seconds.toFixed(1)} s`,
  );
  process.exit(lost === 0 ? 0 : 1);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
